"""evidence-bad.csv: one problem a row, each on a file of its own."""

from layar import screen
from naskah import laporan
from raster import png


def _report(title):
    d = {"title": title, "unit": "diskominfo", "number": "000.5.6/900/"
         "Diskominfo", "date": "2026-05-05",
         "signer": "Kepala Dinas Komunikasi dan Informatika"}
    return laporan(d, title, [("Keterangan", [
        "Berkas ini dibuat untuk menguji pesan kesalahan saat impor."])],
        cover=False)


def _row(file, problem, **changes):
    row = {"file": file, "indicator": "24", "levels": "2",
           "unit": "diskominfo", "type": "laporan_penerapan",
           "number": "000.5.6/900/Diskominfo", "date": "2026-05-05",
           "signer": "Kepala Dinas Komunikasi dan Informatika",
           "title": "Berkas uji " + file.split("/")[-1], "locator":
           "Bagian A; halaman 1", "covers": "cakupan=sebagian",
           "masalah": problem}
    row.update(changes)
    return row


BAD = [
    _row("salah/Laporan Baik.pdf", ""),
    _row("salah/Pindaian Notulen.pdf", "isi PNG, nama .pdf",
         type="notulen"),
    _row("salah/Kosong.pdf", "berkas kosong"),
    _row("salah/Tidak Ada.pdf", "berkas tidak ada"),
    _row("salah/Indikator Salah.pdf", "indikator tidak dikenal",
         indicator="48"),
    _row("salah/Tanggal Salah.pdf", "tanggal tidak ada dalam kalender",
         date="2025-02-30"),
    _row("salah/Tanggal Terbalik.pdf", "tanggal bukan YYYY-MM-DD",
         date="17/03/2025"),
    _row("salah/Jenis Salah.pdf", "jenis dokumen tidak dikenal", type="sk"),
    _row("salah/Unit Salah.pdf", "unit tidak dikenal", unit="dinas-lain"),
    _row("salah/Tingkat Salah.pdf", "tingkat tidak dikenal", levels="6"),
    _row("salah/Kelas Salah.pdf", "kelas tidak dikenal",
         **{"class": "sangat-rahasia"}),
    _row("../keluar.pdf", "jalur keluar dari folder"),
    _row("salah/Salinan Laporan Baik.pdf", "isi sama dengan dokumen lain"),
    _row("salah/Laporan Baik.pdf", "keterangan berbeda untuk berkas yang "
         "sama", indicator="25", date="2026-05-06"),
]


def bad_files():
    files = {}
    for row in BAD:
        name = row["file"]
        if name.startswith("salah/") and "Tidak Ada" not in name:
            files[name] = _report(row["title"])
    files["salah/Salinan Laporan Baik.pdf"] = files["salah/Laporan Baik.pdf"]
    files["salah/Kosong.pdf"] = b""
    files["salah/Pindaian Notulen.pdf"] = png(screen(
        {"unit": "diskominfo", "date": "2026-05-05"}, "Pindaian",
        "pindaian/1", ["Pindaian"], "Notulen rapat (pindaian)",
        ["Baris", "Isi"], [["1", "Agenda"], ["2", "Isu"]], [1, 4],
        size=(400, 200)))
    return files
