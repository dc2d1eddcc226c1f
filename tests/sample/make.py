#!/usr/bin/env python3
"""Make the sample institution "Kota Contoh": its files and its tables.

    python3 make.py [FOLDER]     default: the folder of this script

Only the standard library, and no clock, chance, zlib or floating point
decides a byte: every run, on every machine, writes the same files.
"""

import csv
import io
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "gen"))

import isi_kebijakan  # noqa: E402,F401  (each fills daftar.DOCS)
import isi_tatakelola  # noqa: E402,F401
import isi_manajemen  # noqa: E402,F401
import isi_layanan  # noqa: E402,F401
from daftar import DOCS  # noqa: E402
from isi_klaim import CLAIMS, SHORT  # noqa: E402
from isi_salah import BAD, bad_files  # noqa: E402
from naskah import OFFICES  # noqa: E402

FIELDS = ["file", "indicator", "levels", "unit", "type", "number", "date",
          "signer", "title", "locator", "valid_from", "valid_until",
          "covers", "years", "class", "personal", "note"]


def table(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def evidence():
    for d in DOCS:
        for indicator, levels, locator in d["links"]:
            row = dict(d, indicator=indicator, levels=levels,
                       locator=locator)
            yield [row[f] for f in FIELDS]


def linked():
    """indicator -> [(entry, locator)]"""
    links = {no: [] for no in CLAIMS}
    for d in DOCS:
        for indicators, _, locator in d["links"]:
            for no in indicators.split():
                links[int(no)].append((d, locator))
    return links


def claims():
    for no, rows in linked().items():
        _, level, analysis = CLAIMS[no]
        parts = []
        for d, locator in rows[:3]:
            mark = f" (nomor {d['number']})" if d["number"] else ""
            parts.append(f"{d['title']}{mark}, {locator}")
        yield [no, level, "; ".join(parts) + ".", analysis]


def expected():
    for no, (_, level, _) in CLAIMS.items():
        yield [no, level, *SHORT.get(no, (level, ""))]


def assignments():
    for no, rows in linked().items():
        units = {CLAIMS[no][0]} | {d["unit"] for d, _ in rows}
        due = "2026-10-15" if no <= 31 else "2026-10-30"
        yield [no, " ".join(sorted(units)), due]


def members():
    yield ["admin", "admin", "", "Administrator penyimpanan bukti"]
    yield ["sekda", "coordinator", "setda", "Sekretaris Daerah"]
    yield ["kadis-kominfo", "responsible", "diskominfo",
           "Kepala Dinas Komunikasi dan Informatika"]
    yield ["verifikator-1", "verifier", "", "Asesor internal pertama"]
    yield ["verifikator-2", "verifier", "", "Asesor internal kedua"]
    yield ["operator-kominfo", "operator", "diskominfo",
           "Pelaksana pada Dinas Komunikasi dan Informatika"]
    yield ["auditor-inspektorat", "auditor", "inspektorat",
           "Auditor pada Inspektorat Daerah"]
    for unit, (name, _) in sorted(OFFICES.items()):
        yield [f"opd-{unit}", "uploader", unit, f"Pengelola bukti {name}"]


def main(folder):
    files = {d["file"]: d["make"](d) for d in DOCS}
    if len(files) != len(DOCS):
        sys.exit("a file is entered twice")
    files.update(bad_files())
    files["evidence.csv"] = table(FIELDS, evidence())
    files["evidence-bad.csv"] = table(
        FIELDS + ["masalah"],
        [[row.get(f, "") for f in FIELDS + ["masalah"]] for row in BAD])
    files["assignments.csv"] = table(["indicator", "units", "due"],
                                     assignments())
    files["units.csv"] = table(["unit", "name"],
                               sorted((u, n) for u, (n, _) in
                                      OFFICES.items()))
    files["members.csv"] = table(["member", "roles", "units", "title"],
                                 members())
    files["claims.csv"] = table(["indicator", "level", "fact", "analysis"],
                                claims())
    files["expected.csv"] = table(
        ["indicator", "claimed", "supported", "reason"], expected())
    for name, data in sorted(files.items()):
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else HERE)
