#!/usr/bin/env python3
"""Check the sample institution. TAP on stdout; the standard library only.

    python3 check.py [SOURCE TREE]
"""

import csv
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
import zlib
from datetime import date
from xml.etree import ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "..")
SOURCES = ("make.py", "check.py", "README.md", "gen", "__pycache__")
CUTOFF = date(2026, 12, 31)
TYPES = set(
    "draf notulen undangan daftar_hadir foto peraturan keputusan "
    "surat_edaran sop dokumen_arsitektur peta_rencana rka_dpa "
    "peta_proses_bisnis laporan_penerapan laporan_audit laporan_reviu "
    "tindak_lanjut tangkapan_layar manual diagram_arsitektur daftar_api "
    "bukti_integrasi sertifikat survei pakta_integritas".split())
TAGS = {"cakupan": {"sebagian", "lengkap", "seluruh_pd", "antarinstansi"},
        "fungsi": {"informasi", "interaksi", "transaksi", "kolaborasi"}}
FIELDS = ["file", "indicator", "levels", "unit", "type", "number", "date",
          "signer", "title", "locator", "valid_from", "valid_until",
          "covers", "years", "class", "personal", "note"]
PER_LINK = ("indicator", "levels", "locator")

n_tests = n_failed = 0


def ok(problems, what):
    """A test passes when its list of problems is empty."""
    global n_tests, n_failed
    n_tests += 1
    problems = list(problems)
    n_failed += bool(problems)
    print(f"{'not ok' if problems else 'ok'} {n_tests} - {what}")
    for p in problems[:20]:
        print(f"# {p}")


def read(name):
    with open(os.path.join(HERE, name), "rb") as f:
        return f.read()


def rows(name):
    with open(os.path.join(HERE, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


# -- files open as their type ------------------------------------------------

def open_pdf(data):
    """Every object where the table says; returns the text of each page."""
    if not data.startswith(b"%PDF-1.4\n") or not data.endswith(b"%%EOF\n"):
        raise ValueError("no PDF head or end")
    at = int(re.search(rb"startxref\n(\d+)\n", data)[1])
    head = re.match(rb"xref\n0 (\d+)\n", data[at:])
    table = data[at + head.end():at + head.end() + 20 * int(head[1])]
    objects = {}
    for i in range(1, int(head[1])):
        offset = int(table[20 * i:20 * i + 10])
        start = re.match(rb"%d 0 obj\n" % i, data[offset:])
        objects[i] = data[offset + start.end():data.index(b"\nendobj\n",
                                                          offset)]
    pages = []
    for body in objects.values():
        content = re.search(rb"/Type/Page/.*/Contents (\d+) 0 R", body)
        if not content:
            continue
        stream = objects[int(content[1])]
        size = re.match(rb"<</Filter/FlateDecode/Length (\d+)>>\nstream\n",
                        stream)
        end = size.end() + int(size[1])
        if stream[end:] != b"\nendstream":
            raise ValueError("stream length")
        inside = zlib.decompress(stream[size.end():end])
        words = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", inside)
        pages.append(re.sub(rb"\\(.)", rb"\1", b" ".join(words))
                     .decode("cp1252"))
    if not pages or not all(pages):
        raise ValueError("a page without text")
    return pages


def open_png(data):
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("no PNG signature")
    at, parts = 8, {}
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        tag, body = data[at + 4:at + 8], data[at + 8:at + 8 + size]
        crc = int.from_bytes(data[at + 8 + size:at + 12 + size], "big")
        if zlib.crc32(tag + body) != crc:
            raise ValueError("chunk sum")
        parts[tag] = body
        at += 12 + size
    w = int.from_bytes(parts[b"IHDR"][:4], "big")
    h = int.from_bytes(parts[b"IHDR"][4:8], "big")
    if len(zlib.decompress(parts[b"IDAT"])) != h * (1 + (w + 1) // 2):
        raise ValueError("picture size")


def open_jpg(data):
    """Walk the segments, then decode every block of the scan."""
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        raise ValueError("no JPEG head or end")
    at, tables, size = 2, {}, None
    while True:
        marker = data[at + 1]
        length = int.from_bytes(data[at + 2:at + 4], "big")
        body = data[at + 4:at + 2 + length]
        at += 2 + length
        if marker == 0xC0:
            size = (int.from_bytes(body[3:5], "big"),
                    int.from_bytes(body[1:3], "big"))
        if marker == 0xC4:
            codes, code, k = {}, 0, 17
            for n in range(1, 17):
                for _ in range(body[n]):
                    codes[(n, code)] = body[k]
                    code, k = code + 1, k + 1
                code <<= 1
            tables[body[0]] = codes
        if marker == 0xDA:
            break
    scan = data[at:-2].replace(b"\xff\0", b"\xff")
    bits, at = "".join(f"{b:08b}" for b in scan), 0
    blocks = (size[0] + 7) // 8 * ((size[1] + 7) // 8)

    def symbol(table):
        nonlocal at
        code = 0
        for n in range(1, 17):
            code = code << 1 | (bits[at + n - 1] == "1")
            if (n, code) in table:
                at += n
                return table[(n, code)]
        raise ValueError("Huffman code")

    for i in range(blocks * 3):
        chroma = int(i % 3 > 0)
        size_of_dc = symbol(tables[chroma])
        at += size_of_dc
        k = 1
        while k < 64:
            s = symbol(tables[16 + chroma])
            if s == 0:
                break
            k += (s >> 4) + 1
            at += s & 15
        if k > 64:
            raise ValueError("block too long")
    if len(bits) - at > 7 or "0" in bits[at:]:
        raise ValueError("bits after the last block")


def open_xlsx(data):
    with tempfile.TemporaryFile() as f:
        f.write(data)
        with zipfile.ZipFile(f) as z:
            if z.testzip():
                raise ValueError("damaged part")
            for name in z.namelist():
                ElementTree.fromstring(z.read(name))
            if b"<sheetData><row" not in z.read("xl/worksheets/sheet1.xml"):
                raise ValueError("empty sheet")


OPENERS = {"pdf": open_pdf, "png": open_png, "jpg": open_jpg,
           "xlsx": open_xlsx}


def check_files(names):
    pages, problems = {}, []
    for name in sorted(names):
        try:
            result = OPENERS[name.rsplit(".", 1)[1]](read(name))
            if result:
                pages[name] = result
        except (OSError, ValueError, KeyError, IndexError, TypeError,
                zlib.error, zipfile.BadZipFile,
                ElementTree.ParseError) as e:
            problems.append(f"{name}: {e}")
    ok(problems, "every evidence file exists and opens as its type")
    return pages


# -- tables -------------------------------------------------------------------

def good_date(text):
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def row_problems(row, units):
    numbers = row["indicator"].split()
    if not numbers or not all(n.isdigit() and 1 <= int(n) <= 47
                              for n in numbers):
        yield "indicator"
    if not all(v in "12345" and len(v) == 1 for v in row["levels"].split()):
        yield "levels"
    for key in ("date", "valid_from", "valid_until"):
        if row[key] and not good_date(row[key]):
            yield key
    if row["unit"] not in units:
        yield "unit"
    if row["type"] not in TYPES:
        yield "type"
    if row["class"] not in ("", "umum", "terbatas", "rahasia"):
        yield "class"
    if row["personal"] not in ("", "yes", "no"):
        yield "personal"
    if not all(re.fullmatch(r"20\d\d", y) for y in row["years"].split()):
        yield "years"
    for part in filter(None, row["covers"].split(";")):
        tag, _, values = part.partition("=")
        known = set(units) if tag == "unit" else TAGS.get(tag, set())
        if not set(values.split("|")) <= known:
            yield "covers"
    name = row["file"]
    if unicodedata.normalize("NFC", name) != name:
        yield "name is not NFC"
    if len(name.split("/")[-1].encode()) > 100:
        yield "name too long"
    if not row["title"] or not row["locator"]:
        yield "title or locator empty"


def check_tables(evidence, units):
    ok((f"line {i}: {p}" for i, row in enumerate(evidence, 2)
        for p in row_problems(row, units)), "every value is in its grammar")
    first, problems = {}, []
    for i, row in enumerate(evidence, 2):
        fixed = [v for k, v in row.items() if k not in PER_LINK]
        if first.setdefault(row["file"], fixed) != fixed:
            problems.append(f"line {i}: {row['file']}")
    ok(problems, "rows of one file agree on its metadata")
    links = [(int(n), row) for row in evidence
             for n in row["indicator"].split()]
    seen = [(n, row["file"]) for n, row in links]
    ok({s for s in seen if seen.count(s) > 1},
       "no document is linked twice to one indicator")
    every = set(range(1, 48))
    ok(every - {n for n, _ in links}, "evidence for all 47 indicators")
    claims = rows("claims.csv")
    ok(every ^ {int(r["indicator"]) for r in claims},
       "one claim for each of the 47 indicators")
    ok((r["indicator"] for r in claims
        if not re.fullmatch("[1-5]", r["level"])
        or len(r["fact"]) < 20 or len(r["analysis"]) < 20),
       "claims have level, fact and analysis")
    expected = rows("expected.csv")
    ok([e["indicator"] for e, c in zip(expected, claims, strict=True)
        if e["claimed"] != c["level"]
        or (e["supported"] == e["claimed"]) == bool(e["reason"])],
       "expected levels agree with the claims, each gap has its reason")
    assigned = {int(r["indicator"]): r for r in rows("assignments.csv")}
    ok([n for n, row in links if row["unit"] not in
        assigned[n]["units"].split()] + list(every ^ set(assigned)),
       "the unit of every document is assigned to its indicator")
    ok([u for r in assigned.values() for u in r["units"].split()
        if u not in units] + [n for n, r in assigned.items()
                              if not good_date(r["due"])],
       "assignments name known units and real dates")
    grammar = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
    members = rows("members.csv")
    ok([u for u in units if not grammar.fullmatch(u)]
       + [m["member"] for m in members if not grammar.fullmatch(m["member"])
          or not set(m["units"].split()) <= set(units)]
       + [u for u in units if not any(
           m["roles"] == "uploader" and u in m["units"].split()
           for m in members)],
       "ids are in their grammar, every unit has an uploader")
    return links


def check_locators(evidence, pages):
    problems = []
    for i, row in enumerate(evidence, 2):
        text = pages.get(row["file"])
        if text is None:
            continue
        where = re.search(r"halaman (\d+)", row["locator"])
        if not where or int(where[1]) > len(text):
            problems.append(f"line {i}: {row['locator']}")
            continue
        page = text[int(where[1]) - 1]
        for word in re.findall(r"Pasal \d+|(?<=Diktum )[A-Z]+",
                               row["locator"]):
            if not re.search(re.escape(word) + r"\b", page):
                problems.append(f"line {i}: {word} is not on the page")
        for letter in re.findall(r"Bagian ([A-Z])", row["locator"]):
            if f"{letter}. " not in page:
                problems.append(f"line {i}: part {letter} is not there")
    ok(problems, "locators of PDFs point at what is on the page")


# -- what is planted ------------------------------------------------------------

def check_planted(evidence, links, pages):
    enacted = [r for r in evidence if r["type"] in ("peraturan", "keputusan")]
    bare = {r["file"] for r in enacted
            if not (r["number"] and r["date"] and r["signer"])}
    ok({"inspektorat/Draft SK Tim Auditor SPBE 2026.pdf"} ^ bare,
       "one draft presented as enacted: no number, date, signer")
    old = {n for n, r in links if r["date"] and "4" in r["levels"]
           and r["type"] in ("notulen", "laporan_reviu")
           and (CUTOFF.year - int(r["date"][:4])) * 12
           + CUTOFF.month - int(r["date"][5:7]) >= 24}
    ok({9} ^ old, "one expired review, of indicator 9")
    names = [f.split("/")[-1] for f in {r["file"] for r in evidence}]
    ok([n for n in ("Notulen Rapat.pdf", "Screenshot.png")
        if names.count(n) < 2], "names repeat in several folders")
    ok([] if any(len(n.encode()) >= 90 for n in names) else ["none"],
       "a name of 90 bytes and more")
    ok([] if any(not n.isascii() for n in names) else ["none"],
       "a name with characters outside ASCII")
    ok([] if any(re.match(r"Indikator(\d+)", r["file"].split("/")[-1])
                 and re.match(r"Indikator(\d+)", r["file"].split("/")[-1])[1]
                 not in r["indicator"].split() for r in evidence)
       else ["none"], "a name with the wrong indicator number")
    sectors = {n: {r["file"] for m, r in links if m == n
                   and r["type"] in ("manual", "tangkapan_layar")}
               for n in range(32, 48)}
    ok([n for n in (45, 46, 47) for m in range(32, 48)
        if m != n and sectors[n] & sectors[m]],
       "the sector services are not other indicators' services")
    ok([f for f, text in pages.items()
        if re.search(r"\b\d{16,18}\b", " ".join(text))],
       "no identity number in any document")


def check_bad():
    bad = rows("evidence-bad.csv")
    by = {r["file"]: r for r in reversed(bad)}
    ok(list(bad[0])[:-1] != FIELDS and ["header"] or
       [r["file"] for r in bad[1:] if not r["masalah"]],
       "evidence-bad.csv: a good row, then one problem a row")
    found = []
    if not read("salah/Pindaian Notulen.pdf").startswith(b"\x89PNG"):
        found.append("PNG named .pdf")
    if read("salah/Kosong.pdf"):
        found.append("empty file")
    if os.path.exists(os.path.join(HERE, "salah/Tidak Ada.pdf")):
        found.append("missing file")
    if by["salah/Indikator Salah.pdf"]["indicator"] != "48":
        found.append("unknown indicator")
    if good_date(by["salah/Tanggal Salah.pdf"]["date"]):
        found.append("bad date")
    if read("salah/Laporan Baik.pdf") != read(
            "salah/Salinan Laporan Baik.pdf"):
        found.append("same content")
    ok(found, "the planted faults are in the files themselves")


def check_shape(evidence, links):
    names = sorted({r["file"] for r in evidence})
    sizes = {n: len(read(n)) for n in names}
    kinds = {k: sum(n.endswith(k) for n in names) for k in OPENERS}
    print(f"# {len(names)} files {kinds}, {len(links)} links, "
          f"{len(links) - len(names)} of them reuse, "
          f"{sum(sizes.values())} bytes")
    ok([f"{n}: {s}" for n, s in sizes.items() if s > 15360 or s == 0],
       "every file is small")
    ok([] if len(links) - len(names) >= len(links) // 3
       and kinds["pdf"] * 100 >= 65 * len(names) and min(kinds.values()) > 2
       else [kinds], "a third of the links reuse a document, most are PDF")


def check_made():
    problems = []
    with tempfile.TemporaryDirectory() as again:
        subprocess.run([sys.executable, os.path.join(HERE, "make.py"),
                        again], check=True)
        made = listing(again)
        kept = {n: d for n, d in listing(HERE).items()
                if n.split("/")[0] not in SOURCES}
        for name in sorted(set(made) | set(kept)):
            if made.get(name) != kept.get(name):
                problems.append(f"{name}: differs")
    ok(problems, "made again, every byte is the same and none is left over")


def listing(folder):
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = f.read()
    return found


def check_vocabulary(evidence):
    path = os.path.join(TREE, "policies", "spbe-2020.yaml")
    try:
        with open(path, encoding="utf-8") as f:
            text = f.read()
    except FileNotFoundError:
        ok([], "document types are those of the rulebook # SKIP no rulebook")
        return
    known = set(re.findall(r"\bid: ([a-z_]+)\b", text))
    ok({r["type"] for r in evidence} - known,
       "document types are those of the rulebook")


def main():
    evidence = rows("evidence.csv")
    units = {r["unit"] for r in rows("units.csv")}
    ok([] if list(evidence[0]) == FIELDS else ["header"],
       "evidence.csv has its columns in order")
    pages = check_files({r["file"] for r in evidence})
    links = check_tables(evidence, units)
    check_locators(evidence, pages)
    check_planted(evidence, links, pages)
    check_bad()
    check_shape(evidence, links)
    check_vocabulary(evidence)
    check_made()
    print(f"1..{n_tests}")
    return n_failed > 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
