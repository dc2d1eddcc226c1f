"""Kinds of official documents, each from a few lines of content.

Everything about the city is made up. Signature blocks name offices only.
"""

from pdf import Pdf

CITY = "KOTA CONTOH"
MAYOR = "Wali Kota Contoh"
SECRETARY = "Sekretaris Daerah Kota Contoh"
MONTHS = ("Januari Februari Maret April Mei Juni Juli Agustus September "
          "Oktober November Desember").split()
DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()


def long_date(iso):
    y, m, d = (int(p) for p in iso.split("-"))
    return f"{d} {MONTHS[m - 1]} {y}"


def weekday(iso):
    """Zeller's congruence; Monday is 0."""
    y, m, d = (int(p) for p in iso.split("-"))
    if m < 3:
        y, m = y - 1, m + 12
    k, j = y % 100, y // 100
    return DAYS[(d + 13 * (m + 1) // 5 + k + k // 4 + j // 4 + 5 * j + 5) % 7]


OFFICES = {
    "setda": ("Sekretariat Daerah", SECRETARY),
    "bagian-hukum": ("Bagian Hukum Sekretariat Daerah",
                     "Kepala Bagian Hukum"),
    "bagian-organisasi": ("Bagian Organisasi Sekretariat Daerah",
                          "Kepala Bagian Organisasi"),
    "bagian-pbj": ("Bagian Pengadaan Barang dan Jasa Sekretariat Daerah",
                   "Kepala Bagian Pengadaan Barang dan Jasa"),
    "inspektorat": ("Inspektorat Daerah", "Inspektur Daerah"),
    "bappeda": ("Badan Perencanaan Pembangunan Daerah", "Kepala Bappeda"),
    "bkpsdm": ("Badan Kepegawaian dan Pengembangan SDM", "Kepala BKPSDM"),
    "bpkad": ("Badan Pengelola Keuangan dan Aset Daerah", "Kepala BPKAD"),
    "diskominfo": ("Dinas Komunikasi dan Informatika",
                   "Kepala Dinas Komunikasi dan Informatika"),
    "dpmptsp": ("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
                "Kepala DPMPTSP"),
    "dinkes": ("Dinas Kesehatan", "Kepala Dinas Kesehatan"),
    "disdukcapil": ("Dinas Kependudukan dan Pencatatan Sipil",
                    "Kepala Disdukcapil"),
    "disarpus": ("Dinas Kearsipan dan Perpustakaan",
                 "Kepala Dinas Kearsipan dan Perpustakaan"),
}


def address(unit):
    no = sorted(OFFICES).index(unit) + 1
    return (f"Kompleks Perkantoran Contoh Gedung {no}, Kota Contoh - "
            f"laman {unit}.kota-contoh.example")


def start(d, size=11, family="times", landscape=False):
    """d: the row of evidence.csv the document belongs to."""
    return Pdf(d["title"], OFFICES[d["unit"]][0] + " Kota Contoh", d["date"]
               or "2026-06-02", family, size, landscape)


def _dictum(pdf, name, rows, numbers=False):
    """Menimbang, Mengingat: a label, a colon, lettered or numbered points."""
    pdf.need(pdf.leading())
    y = pdf.y - pdf.leading()
    pdf.text(pdf.left, y, name, pdf.font, pdf.size)
    pdf.text(pdf.left + 980, y, ":", pdf.font, pdf.size)
    for i, row in enumerate(rows):
        label = f"{i + 1}." if numbers else f"{chr(97 + i)}."
        several = len(rows) > 1
        pdf.para(row, indent=1150, label=label if several else "",
                 hang=220 if several else 0)


def _head(pdf, kind, d, about, number=None):
    pdf.center(kind, 12, True)
    pdf.center(number or f"NOMOR {d['number']} TAHUN {d['date'][:4]}", 12,
               True)
    pdf.center("TENTANG", 12)
    pdf.center(about.upper(), 12, True)


def perwali(d, about, weigh, articles, given):
    """articles: [(chapter or "", [paragraphs])]; Pasal n in order."""
    pdf = start(d)
    pdf.cover = True
    pdf.gap(900)
    pdf.emblem(pdf.w // 2, pdf.y, 500)
    pdf.gap(1700)
    pdf.center("WALI KOTA CONTOH", 16, True)
    pdf.gap(500)
    _head(pdf, "PERATURAN WALI KOTA CONTOH", d, about)
    pdf.gap(1500)
    pdf.center(f"BERITA DAERAH {CITY}", 11)
    pdf.center(f"TAHUN {d['date'][:4]} NOMOR {d['number']}", 11)
    pdf.new_page()
    _head(pdf, "PERATURAN WALI KOTA CONTOH", d, about)
    pdf.gap(100)
    pdf.center("DENGAN RAHMAT TUHAN YANG MAHA ESA")
    pdf.center("WALI KOTA CONTOH,")
    pdf.gap(100)
    _dictum(pdf, "Menimbang", weigh)
    _dictum(pdf, "Mengingat", given, numbers=True)
    pdf.center("MEMUTUSKAN:", bold=True)
    _dictum(pdf, "Menetapkan",
            [f"PERATURAN WALI KOTA TENTANG {about.upper()}."])
    bab = 0
    for n, (chapter, rows) in enumerate(articles, 1):
        pdf.need(700)
        if chapter:
            bab += 1
            roman = "I II III IV V VI VII VIII IX X".split()[bab - 1]
            pdf.gap(60)
            pdf.center(f"BAB {roman}", bold=True)
            pdf.center(chapter.upper(), bold=True)
        pdf.center(f"Pasal {n}")
        for i, row in enumerate(rows, 1):
            pdf.para(row, label=f"({i})" if len(rows) > 1 else "", hang=300
                     if len(rows) > 1 else 0)
    pdf.para("Agar setiap orang mengetahuinya, memerintahkan pengundangan "
             "Peraturan Wali Kota ini dengan penempatannya dalam Berita "
             "Daerah Kota Contoh.")
    pdf.sign(["Ditetapkan di Kota Contoh",
              f"pada tanggal {long_date(d['date'])}"], MAYOR.upper())
    pdf.para(f"Diundangkan di Kota Contoh pada tanggal "
             f"{long_date(d['date'])} oleh {SECRETARY}, ttd. Berita Daerah "
             f"Kota Contoh Tahun {d['date'][:4]} Nomor {d['number']}.",
             size=9)
    return pdf.finish()


def keputusan(d, about, weigh, points, given, annex=None, draft=False):
    """annex: (title, widths, header, rows)."""
    pdf = start(d)
    pdf.emblem(pdf.w // 2, pdf.h - 500, 260)
    pdf.y = pdf.h - 1250
    if draft:
        pdf.center("RANCANGAN - belum dibahas", 10, True)
    _head(pdf, "KEPUTUSAN WALI KOTA CONTOH", d, about,
          "NOMOR ............ TAHUN 2026" if draft else
          f"NOMOR {d['number']}")
    pdf.gap(60)
    pdf.center("WALI KOTA CONTOH,")
    pdf.gap(60)
    _dictum(pdf, "Menimbang", weigh)
    _dictum(pdf, "Mengingat", given, numbers=True)
    pdf.center("MEMUTUSKAN:", bold=True)
    _dictum(pdf, "Menetapkan", [f"KEPUTUSAN WALI KOTA TENTANG "
                                f"{about.upper()}."])
    names = ("KESATU KEDUA KETIGA KEEMPAT KELIMA KEENAM KETUJUH").split()
    for name, row in zip(names, points):
        _dictum(pdf, name, [row])
    if draft:
        pdf.sign(["Ditetapkan di Kota Contoh", "pada tanggal ............"],
                 MAYOR.upper(), signed=False)
    else:
        pdf.sign(["Ditetapkan di Kota Contoh",
                  f"pada tanggal {long_date(d['date'])}"], MAYOR.upper())
    if annex:
        title, widths, header, rows = annex
        pdf.new_page()
        pdf.para("LAMPIRAN KEPUTUSAN WALI KOTA CONTOH" if draft else
                 f"LAMPIRAN KEPUTUSAN WALI KOTA CONTOH NOMOR {d['number']} "
                 f"TANGGAL {long_date(d['date']).upper()}", size=9)
        pdf.center(title.upper(), bold=True)
        pdf.gap(100)
        pdf.table(widths, header, rows)
    return pdf.finish()


def notulen(d, subject, chair, place, attend, agenda, issues, follow,
            time="09.00 - 11.30 WIB"):
    """issues: [(issue, recommendation)]; follow: [(what, who, when)]."""
    pdf = start(d)
    pdf.letterhead(OFFICES[d["unit"]][0], address(d["unit"]))
    pdf.center("NOTULEN RAPAT", 13, True)
    if d["number"]:
        pdf.center(f"Nomor {d['number']}")
    pdf.gap(100)
    pdf.fields([("Hari, tanggal", f"{weekday(d['date'])}, "
                 f"{long_date(d['date'])}"), ("Waktu", time),
                ("Tempat", place), ("Pimpinan rapat", chair),
                ("Acara", subject), ("Peserta", "; ".join(attend))])
    pdf.para("A. Agenda", bold=True)
    for i, row in enumerate(agenda, 1):
        pdf.para(row, indent=150, label=f"{i}.")
    pdf.para("B. Isu dan rekomendasi", bold=True)
    pdf.table([4, 40, 46], ["No", "Isu yang dibahas", "Rekomendasi"],
              [[i, a, b] for i, (a, b) in enumerate(issues, 1)])
    pdf.para("C. Tindak lanjut", bold=True)
    pdf.table([4, 46, 26, 20], ["No", "Kegiatan", "Penanggung jawab",
                                "Tenggat"],
              [[i, *row] for i, row in enumerate(follow, 1)])
    pdf.sign([f"Kota Contoh, {long_date(d['date'])}"], d["signer"])
    return pdf.finish()


def laporan(d, heading, sections, recommendations=None, cover=True):
    """sections: [(title, [blocks])]; a block is a text or a table tuple."""
    pdf = start(d)
    office = OFFICES[d["unit"]][0]
    if cover:
        pdf.cover = True
        pdf.gap(700)
        pdf.center(heading.upper(), 18, True)
        pdf.gap(300)
        pdf.center(f"Nomor {d['number']}", 11)
        pdf.gap(900)
        pdf.emblem(pdf.w // 2, pdf.y, 480)
        pdf.gap(2300)
        pdf.center(office.upper(), 13, True)
        pdf.center("PEMERINTAH KOTA CONTOH", 13, True)
        pdf.center(d["date"][:4], 13, True)
        pdf.new_page()
    else:
        pdf.letterhead(office, address(d["unit"]))
        pdf.center(heading.upper(), 13, True)
        if d["number"]:
            pdf.center(f"Nomor {d['number']}")
        pdf.gap(100)
    body(pdf, sections)
    if recommendations:
        pdf.need(900)
        pdf.para(f"{chr(65 + len(sections))}. Rekomendasi", bold=True)
        for i, row in enumerate(recommendations, 1):
            pdf.para(row, indent=150, label=f"{i}.")
    pdf.sign([f"Kota Contoh, {long_date(d['date'])}"], d["signer"])
    return pdf.finish()


def body(pdf, sections):
    for n, (title, blocks) in enumerate(sections):
        pdf.need(700)
        pdf.para(f"{chr(65 + n)}. {title}", bold=True)
        for block in blocks:
            if isinstance(block, str):
                pdf.para(block, indent=150)
            elif block[0] == "boxes":
                pdf.boxes(block[1])
            elif block[0] == "list":
                for i, row in enumerate(block[1], 1):
                    pdf.para(row, indent=150, label=f"{i}.")
            else:
                pdf.table(*block)


def sop(d, name, basis, steps):
    """Standard operating procedure: the head table, then the steps."""
    pdf = start(d, 10, "helv")
    pdf.table([50, 22, 40],
              ["PEMERINTAH KOTA CONTOH", "Nomor SOP", d["number"]],
              [[OFFICES[d["unit"]][0], "Tanggal", long_date(d["date"])],
               ["Disahkan oleh", d["signer"], "ttd. dan cap"],
               ["Nama SOP", name, "Revisi 1"]])
    pdf.para("Dasar hukum", bold=True)
    for i, row in enumerate(basis, 1):
        pdf.para(row, indent=100, label=f"{i}.")
    pdf.gap(60)
    pdf.para("Langkah kegiatan", bold=True)
    pdf.table([5, 58, 30, 17, 26],
              ["No", "Kegiatan", "Pelaksana", "Waktu", "Keluaran"],
              [[i, *row] for i, row in enumerate(steps, 1)], 8)
    pdf.sign([f"Kota Contoh, {long_date(d['date'])}"], d["signer"])
    return pdf.finish()


def manual(d, app, path, users, chapters):
    """chapters: [(function, [steps])] in the order of the levels."""
    pdf = start(d, 10, "helv")
    pdf.cover = True
    pdf.gap(1200)
    pdf.center("BUKU MANUAL PENGGUNA", 20, True)
    pdf.gap(200)
    pdf.center(app, 15, True)
    pdf.gap(400)
    pdf.center(f"https://layanan.kota-contoh.example/{path}", 11)
    pdf.gap(2200)
    pdf.center(OFFICES[d["unit"]][0], 12, True)
    pdf.center(f"Kota Contoh, {long_date(d['date'])}", 11)
    pdf.new_page()
    pdf.para("1. Tentang aplikasi", bold=True)
    pdf.fields([("Aplikasi", app), ("Alamat",
                f"https://layanan.kota-contoh.example/{path}"),
                ("Pengguna", users), ("Akun uji",
                "penguji@contoh.example (kata sandi diberikan terpisah)")])
    for n, (name, steps) in enumerate(chapters, 2):
        pdf.need(700)
        pdf.para(f"{n}. {name}", bold=True)
        for i, step in enumerate(steps, 1):
            pdf.para(step, indent=120, label=f"{i}.")
        pdf.gap(40)
    pdf.sign([f"Kota Contoh, {long_date(d['date'])}"], d["signer"])
    return pdf.finish()


def surat(d, to, about, paragraphs, attachment="1 (satu) berkas"):
    pdf = start(d)
    pdf.letterhead(OFFICES[d["unit"]][0], address(d["unit"]))
    pdf.fields([("Nomor", d["number"]), ("Sifat", "Biasa"),
                ("Lampiran", attachment), ("Hal", about)], key=800)
    for row in ["Kota Contoh, " + long_date(d["date"]), "Yth. " + to,
                "di Kota Contoh"]:
        pdf.para(row)
    pdf.gap(100)
    for row in paragraphs:
        if isinstance(row, str):
            pdf.para(row, indent=0)
        else:
            pdf.table(*row)
    pdf.sign([], d["signer"])
    return pdf.finish()


def pakta(d, basis, vows):
    pdf = start(d)
    pdf.letterhead(OFFICES[d["unit"]][0], address(d["unit"]))
    pdf.center("PAKTA INTEGRITAS", 15, True)
    pdf.center(basis)
    pdf.gap(150)
    pdf.para("Yang bertanda tangan di bawah ini, dalam jabatan sebagai "
             "pemilik risiko SPBE pada perangkat daerah masing-masing, "
             "menyatakan:")
    for i, row in enumerate(vows, 1):
        pdf.para(row, indent=150, label=f"{i}.")
    pdf.gap(60)
    pdf.table([5, 60, 25], ["No", "Jabatan", "Tanda tangan"],
              [[i, head, "ttd."] for i, (_, head) in
               enumerate(OFFICES.values(), 1)])
    pdf.sign([f"Kota Contoh, {long_date(d['date'])}"], d["signer"])
    return pdf.finish()
