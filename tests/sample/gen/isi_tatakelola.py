"""Indicators 11 to 20: plans, infrastructure, the people who run it."""

from daftar import doc
from layar import meeting, screen
from naskah import (MAYOR, OFFICES, SECRETARY, keputusan, laporan, notulen,
                    sop, surat)
from raster import jpeg, png
from xlsx import xlsx

KOMINFO = "Kepala Dinas Komunikasi dan Informatika"
NAMES = [name for name, _ in OFFICES.values()]


def coverage(header, cells):
    """A table over all agencies; cells: agency number -> further cells."""
    return ([5, 50] + [22] * len(header), ["No", "Perangkat daerah"] + header,
            [[i, name] + cells(i) for i, name in enumerate(NAMES, 1)])


def arsitektur(d):
    return laporan(
        d, "Arsitektur SPBE Kota Contoh Tahun 2024-2029",
        [("Penetapan", [
            "Dokumen ini ditetapkan dengan Keputusan Wali Kota Contoh Nomor "
            f"{d['number']} dan mengacu pada Arsitektur SPBE Nasional."]),
         ("Referensi dan domain arsitektur saat ini", [(
             [5, 28, 60], ["No", "Domain", "Ringkasan keadaan saat ini"], [
                 ["1", "Proses bisnis", "9 rumpun urusan, 46 proses utama"],
                 ["2", "Data dan informasi", "118 jenis data, 14 data induk"],
                 ["3", "Infrastruktur", "1 pusat data, 13 simpul jaringan"],
                 ["4", "Aplikasi", "16 aplikasi umum dan khusus"],
                 ["5", "Keamanan", "7 kendali utama, 1 tim tanggap insiden"],
                 ["6", "Layanan", "10 layanan administrasi, 6 layanan "
                  "publik"]])]),
         ("Arsitektur yang dituju", [
             "Setiap aplikasi bertukar data melalui sistem penghubung "
             "layanan; aplikasi yang berulang digabungkan.",
             ("boxes", [["Portal layanan Kota Contoh"],
                        ["Layanan publik", "Layanan administrasi"],
                        ["Sistem penghubung layanan"],
                        ["Data induk", "Pusat data", "Instansi lain"]])])])


doc("diskominfo/Arsitektur SPBE Kota Contoh 2024-2029.pdf",
    "dokumen_arsitektur", "188.45/77/KEP/2024", "2024-02-12", MAYOR,
    "Arsitektur SPBE Kota Contoh Tahun 2024-2029",
    [("11", "2 3 4", "Bagian B; halaman 2")], arsitektur,
    covers="cakupan=lengkap|antarinstansi", valid_from="2024-02-12",
    valid_until="2029-12-31")

doc("diskominfo/Screenshot.png", "tangkapan_layar", "", "2026-05-11", KOMINFO,
    "Tangkapan layar metadata arsitektur pada sistem arsitektur nasional",
    [("11", "4", "baris 1 sampai 6")],
    lambda d: png(screen(
        d, "Arsitektur", "arsitektur/metadata", ["Metadata", "Referensi",
                                                 "Riwayat", "Keluar"],
        "Metadata Arsitektur SPBE - Kota Contoh - versi 2026",
        ["Domain", "Jumlah", "Status"],
        [["Proses bisnis", "46", "Terhubung"], ["Data", "118", "Terhubung"],
         ["Aplikasi", "16", "Terhubung"], ["Infrastruktur", "14",
                                           "Terhubung"],
         ["Keamanan", "7", "Terhubung"], ["Layanan", "16", "Terhubung"]],
        [3, 1, 2], ["Unduh metadata"])),
    covers="cakupan=antarinstansi")


def peta(d):
    return laporan(
        d, "Peta Rencana SPBE Kota Contoh Tahun 2024-2029",
        [("Penetapan", [
            "Dokumen ini ditetapkan dengan Keputusan Wali Kota Contoh Nomor "
            f"{d['number']} dan diselaraskan dengan Peta Rencana SPBE "
            "Nasional."]),
         ("Program tata kelola, layanan, dan infrastruktur", [(
             [4, 26, 46, 20], ["No", "Muatan", "Kegiatan", "Tahun"], [
                 ["1", "Tata kelola", "Reviu kebijakan; forum kolaborasi",
                  "2024-2029"],
                 ["2", "Layanan", "Penyempurnaan 16 layanan", "2024-2028"],
                 ["3", "Infrastruktur", "Pusat data dan jaringan intra",
                  "2024-2027"],
                 ["4", "Aplikasi", "Penggabungan aplikasi berulang",
                  "2025-2026"],
                 ["5", "Keamanan", "Tim tanggap insiden; uji keamanan",
                  "2024-2029"]])]),
         ("Program manajemen SPBE", [(
             [4, 40, 32, 20], ["No", "Kegiatan", "Penanggung jawab",
                               "Tahun"], [
                 ["1", "Manajemen risiko", "Inspektorat", "2024-2029"],
                 ["2", "Manajemen keamanan informasi", "Diskominfo",
                  "2024-2029"],
                 ["3", "Manajemen data", "Bappeda", "2024-2029"],
                 ["4", "Manajemen aset TIK", "Diskominfo", "2025-2027"],
                 ["5", "Kompetensi SDM", "BKPSDM", "2024-2029"],
                 ["6", "Manajemen pengetahuan", "BKPSDM", "2026-2027"],
                 ["7", "Manajemen perubahan", "BKPSDM", "2025-2027"],
                 ["8", "Manajemen layanan", "Diskominfo", "2024-2029"]])]),
         ("Program audit TIK", [
             "Audit infrastruktur, audit aplikasi, dan audit keamanan "
             "dilaksanakan bergiliran paling sedikit sekali dalam dua "
             "tahun."])])


doc("bappeda/Peta Rencana SPBE 2024-2029.pdf", "peta_rencana",
    "188.45/78/KEP/2024", "2024-02-12", MAYOR, "Peta Rencana SPBE Kota Contoh "
    "Tahun 2024-2029",
    [("12", "2 3 4", "Bagian B sampai Bagian D; halaman 2"),
     ("21", "2", "Bagian C nomor 1; halaman 2"),
     ("22", "2", "Bagian C nomor 2; halaman 2"),
     ("23", "2", "Bagian C nomor 3; halaman 2"),
     ("24", "2", "Bagian C nomor 4; halaman 2"),
     ("25", "2", "Bagian C nomor 5; halaman 2"),
     ("26", "2", "Bagian C nomor 6; halaman 2"),
     ("27", "2", "Bagian C nomor 7; halaman 2")],
    peta, covers="cakupan=lengkap|antarinstansi", valid_from="2024-02-12",
    valid_until="2029-12-31")


def rka(d):
    sheets = []
    for year, base in (("2024", 412), ("2025", 455), ("2026", 498)):
        rows = [[f"Rekap RKA-DPA belanja SPBE Kota Contoh tahun {year}"],
                ["No", "Perangkat daerah", "Kegiatan sesuai Peta Rencana",
                 "Pagu (ribu rupiah)"]]
        for i, (name, task, part) in enumerate((
                ("Diskominfo", "Pusat data dan jaringan intra", 900),
                ("Diskominfo", "Keamanan informasi dan uji keamanan", 320),
                ("Bappeda", "Aplikasi perencanaan dan Satu Data", 240),
                ("BPKAD", "Aplikasi keuangan dan aset", 310),
                ("BKPSDM", "Kompetensi SDM dan manajemen pengetahuan", 150),
                ("Inspektorat", "Manajemen risiko dan audit TIK", 180),
                ("DPMPTSP", "Perizinan daring", 210)), 1):
            rows.append([i, name, task, part * base])
        rows.append(["", "", "Jumlah", sum(r[3] for r in rows[2:])])
        sheets.append((f"RKA {year}", [5, 18, 44, 20], 2, rows))
    return xlsx(d["title"], "BPKAD Kota Contoh", d["date"], sheets)


doc("bpkad/Rekap RKA-DPA SPBE 2024-2026.xlsx", "rka_dpa",
    "900.1/115/BPKAD", "2026-01-12", "Kepala BPKAD",
    "Rekap RKA-DPA belanja SPBE tahun anggaran 2024, 2025, dan 2026",
    [("12", "4", "lembar RKA 2024, RKA 2025, RKA 2026"),
     ("13", "1 2", "lembar RKA 2026")], rka, years="2024 2025 2026")

doc("bappeda/Indikator13g Surat Konsultasi.docx.pdf", "laporan_penerapan",
    "000.7/412/Bappeda", "2025-08-11", "Kepala Bappeda",
    "Surat konsultasi rencana dan anggaran SPBE tahun 2026 kepada unit "
    "pengelola TIK", [("13", "2", "tabel; halaman 1")],
    lambda d: surat(
        d, KOMINFO, "Konsultasi rencana dan anggaran SPBE tahun 2026", [
            "Menindaklanjuti Pasal 8 Peraturan Wali Kota Nomor 28 Tahun 2021, "
            "bersama ini kami sampaikan rencana kegiatan SPBE tahun 2026 "
            "untuk memperoleh pertimbangan teknis.",
            ([5, 30, 44, 20], ["No", "Perangkat daerah", "Kegiatan", "Hasil"],
             [["1", "BPKAD", "Penyempurnaan aplikasi aset", "Disetujui"],
              ["2", "Dinas Kesehatan", "Antrean puskesmas", "Disetujui"],
              ["3", "DPMPTSP", "Perizinan daring", "Perbaikan"],
              ["4", "Disarpus", "Aplikasi arsip baru",
               "Digabung dengan aplikasi yang ada"]]),
            "Jawaban diharapkan paling lambat dua minggu setelah surat ini "
            "diterima."]), covers="cakupan=sebagian")


def konsultasi(d):
    rows = [["Daftar konsultasi rencana dan anggaran SPBE tahun 2026"],
            ["No", "Perangkat daerah", "Tanggal konsultasi",
             "Jumlah kegiatan", "Hasil"]]
    for i, name in enumerate(NAMES, 1):
        rows.append([i, name, f"2025-08-{10 + i:02d}", 1 + i * 5 % 4,
                     "sesuai peta rencana"])
    return xlsx(d["title"], "Bappeda Kota Contoh", d["date"],
                [("Cakupan", [5, 52, 18, 16, 22], 2, rows)])


doc("bappeda/Daftar Cakupan Konsultasi Anggaran SPBE.xlsx",
    "laporan_penerapan", "000.7/455/Bappeda", "2025-09-02", "Kepala Bappeda",
    "Daftar konsultasi rencana dan anggaran SPBE seluruh perangkat daerah "
    "tahun 2026", [("13", "3", "lembar Cakupan baris 3 sampai 15")],
    konsultasi, covers="cakupan=lengkap|seluruh_pd;unit="
    + "|".join(sorted(OFFICES)), years="2026")

doc("bappeda/SOP Penganggaran SPBE Terpadu.pdf", "sop",
    "000.8.3/SOP-12/Bappeda", "2024-03-05", "Kepala Bappeda",
    "SOP Penganggaran SPBE Terpadu", [("13", "3", "langkah 2; halaman 1")],
    lambda d: sop(
        d, "Penganggaran SPBE Terpadu",
        ["Peraturan Wali Kota Nomor 28 Tahun 2021 Pasal 8",
         "Keputusan Wali Kota Nomor 188.45/78/KEP/2024"],
        [["Mengusulkan kegiatan SPBE", "Perangkat daerah", "5 hari",
          "Usulan"],
         ["Berkonsultasi dengan unit pengelola TIK", "Diskominfo", "10 hari",
          "Pertimbangan teknis"],
         ["Memeriksa kesesuaian dengan peta rencana", "Bappeda", "5 hari",
          "Berita acara"],
         ["Menetapkan pagu", "BPKAD", "10 hari", "RKA"]]),
    covers="cakupan=seluruh_pd")

doc("bagian-organisasi/Inidkator14c Peta Proses Bisnis.pdf",
    "peta_proses_bisnis", "188.45/140/KEP/2024", "2024-05-13", MAYOR,
    "Peta Proses Bisnis Pemerintah Kota Contoh",
    [("14", "2", "Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Peta Proses Bisnis Pemerintah Kota Contoh", [
            ("Dasar", ["Ditetapkan dengan Keputusan Wali Kota Contoh Nomor "
                       f"{d['number']}; disusun menurut pedoman peta proses "
                       "bisnis instansi pemerintah, level 0 sampai level "
                       "3."]),
            ("Peta level 0", [("boxes", [
                ["Perencanaan", "Pengawasan", "Kebijakan"],
                ["Pelayanan warga"],
                ["Kesehatan", "Kependudukan", "Perizinan"],
                ["Keuangan", "Kepegawaian", "Arsip"]])])], cover=False),
    covers="cakupan=lengkap|seluruh_pd")

doc("bagian-organisasi/Perbaikan Proses Bisnis Izin.pdf",
    "peta_proses_bisnis", "000.8.2/77/Organisasi", "2025-03-17",
    "Kepala Bagian Organisasi", "Perbaikan proses bisnis penerbitan izin: "
    "sebelum dan sesudah", [("14", "3", "Bagian A dan Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Perbaikan Proses Bisnis Penerbitan Izin", [
            ("Sebelum: tujuh langkah, 14 hari kerja", [("boxes", [
                ["Loket", "Periksa berkas", "Paraf bidang"],
                ["Survei lapangan"], ["Paraf kepala", "Cetak", "Serah"]])]),
            ("Sesudah: empat langkah, 3 hari kerja", [("boxes", [
                ["Ajukan daring", "Periksa otomatis"],
                ["Persetujuan elektronik"], ["Unduh izin"]])])],
        cover=False), covers="cakupan=lengkap")

doc("diskominfo/Siklus Pembangunan Aplikasi SPBE.pdf", "sop",
    "000.5.6/SOP-04/Diskominfo", "2024-04-22", KOMINFO,
    "SOP Siklus Pembangunan Aplikasi SPBE",
    [("15", "2 3", "langkah 1 sampai 6; halaman 1")],
    lambda d: sop(
        d, "Siklus Pembangunan Aplikasi SPBE",
        ["Peraturan Wali Kota Nomor 28 Tahun 2021 Pasal 7 dan Pasal 8"],
        [["Perencanaan kebutuhan", "Perangkat daerah", "10 hari",
          "Dokumen kebutuhan"],
         ["Konsultasi dan rekomendasi", "Diskominfo", "7 hari",
          "Rekomendasi"],
         ["Analisis dan desain", "Tim pembangun", "20 hari", "Desain"],
         ["Implementasi dan uji fungsi", "Tim pembangun", "60 hari",
          "Berita acara uji"],
         ["Uji keamanan", "Diskominfo", "10 hari", "Laporan uji"],
         ["Pemeliharaan", "Perangkat daerah", "tahunan", "Laporan"]]),
    covers="cakupan=lengkap|seluruh_pd")

doc("diskominfo/Indikator13c Notulen Konsultasi Aplikasi.pdf", "notulen",
    "000.5.6/NR-09/Diskominfo", "2025-05-06", KOMINFO, "Notulen konsultasi "
    "pembangunan aplikasi Antre Sehat dengan unit pengelola TIK",
    [("15", "3", "Bagian B; halaman 1")],
    lambda d: notulen(
        d, "Konsultasi pembangunan aplikasi Antre Sehat", KOMINFO,
        "Ruang Rapat Diskominfo lantai 1",
        ["Dinas Kesehatan", "Disdukcapil", "Tim pembangun aplikasi"],
        ["Kebutuhan fungsi", "Keterpaduan dengan aplikasi lain",
         "Jadwal uji keamanan"],
        [("Data pasien diketik ulang dari kartu keluarga",
          "Mengambil data dasar melalui sistem penghubung layanan"),
         ("Halaman masuk tersendiri", "Memakai akun portal layanan")],
        [("Dokumen desain", "Dinas Kesehatan", "30 Mei 2025"),
         ("Uji keamanan", "Diskominfo", "15 Agustus 2025")],
        "13.00 - 15.00 WIB"), covers="cakupan=sebagian",
    note="nomor indikator dalam nama berkas keliru")

doc("diskominfo/Laporan Reviu Layanan TIK 2025.pdf", "laporan_reviu",
    "000.5.6/2401/Diskominfo", "2025-12-18", KOMINFO, "Laporan Reviu Layanan "
    "TIK Tahun 2025: aplikasi, pusat data, jaringan intra, meja layanan",
    [("15", "4", "Bagian B nomor 1; halaman 1"),
     ("16", "4", "Bagian B nomor 2; halaman 1"),
     ("17", "4", "Bagian B nomor 3; halaman 1"),
     ("28", "4", "Bagian B nomor 4; halaman 1")],
    lambda d: laporan(
        d, "Laporan Reviu Layanan TIK Tahun 2025", [
            ("Pelaksanaan", [
                "Reviu dilaksanakan 1 sampai 12 Desember 2025 dengan "
                "wawancara pada 13 perangkat daerah dan pengukuran "
                "layanan.",
                "Unit pengelola TIK mengendalikan keterpaduan pembangunan "
                "aplikasi melalui rekomendasi tertulis; sembilan usulan "
                "diperiksa, dua digabungkan."]),
            ("Isu", [([5, 28, 62], ["No", "Layanan", "Isu"], [
                ["1", "Aplikasi", "Dokumen uji keamanan belum seragam"],
                ["2", "Pusat data", "Pemindahan beban ke pusat data nasional "
                 "baru dua aplikasi"],
                ["3", "Jaringan intra", "Jalur cadangan ke tiga kecamatan "
                 "lambat"],
                ["4", "Meja layanan", "Waktu jawab malam hari melebihi "
                 "sasaran"]])])],
        ["Menyeragamkan lembar uji keamanan aplikasi.",
         "Memindahkan dua aplikasi lagi pada tahun 2026.",
         "Mengganti perangkat jalur cadangan.",
         "Menambah petugas siaga meja layanan."], cover=False),
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")

doc("diskominfo/Laporan Utilisasi Pusat Data 2025.pdf", "laporan_penerapan",
    "000.5.6/2310/Diskominfo", "2025-12-08", KOMINFO,
    "Laporan Utilisasi Pusat Data Kota Contoh Tahun 2025",
    [("16", "2 3", "tabel Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Utilisasi Pusat Data Tahun 2025", [
            ("Ringkasan", [
                "Seluruh 13 perangkat daerah memakai pusat data. Prosedur "
                "operasi baku nomor 000.5.6/SOP-06/Diskominfo berlaku; "
                "ketersediaan layanan 99,7 persen."]),
            ("Pemakaian tiap perangkat daerah", [coverage(
                ["Mesin maya", "Data (GB)"],
                lambda i: [str(1 + i * 7 % 5), str(40 + i * 37 % 210)])])],
        cover=False), covers="cakupan=lengkap|seluruh_pd", years="2025")

doc("diskominfo/Bukti Koneksi PDN.jpg", "bukti_integrasi",
    "000.5.6/BA-31/Diskominfo", "2026-02-26", KOMINFO, "Tangkapan layar "
    "interkoneksi pusat data Kota Contoh dengan Pusat Data Nasional",
    [("16", "4", "baris Interkoneksi")],
    lambda d: jpeg(screen(
        d, "Pusat Data", "pusat-data/interkoneksi", ["Koneksi", "Beban"],
        "Interkoneksi Pusat Data Nasional", ["Simpul", "Lalu lintas",
                                             "Status"],
        [["PDN utama", "184 Mbps", "Terhubung"],
         ["PDN cadangan", "12 Mbps", "Terhubung"]], [4, 3, 3],
        ["Uji koneksi"], size=(400, 208)), 22),
    covers="cakupan=antarinstansi", klass="terbatas")

doc("diskominfo/Laporan Jaringan Intra 2025.pdf", "laporan_penerapan",
    "000.5.6/2311/Diskominfo", "2025-12-08", KOMINFO,
    "Laporan Layanan Jaringan Intra Kota Contoh Tahun 2025",
    [("17", "2 3 4", "Bagian B dan Bagian C; halaman 1")],
    lambda d: laporan(
        d, "Laporan Layanan Jaringan Intra Tahun 2025", [
            ("Ringkasan", [
                "Jaringan intra menjangkau seluruh 13 perangkat daerah; "
                "gangguan rata-rata 41 menit tiap bulan."]),
            ("Pemakaian tiap perangkat daerah", [coverage(
                ["Titik", "Mbps"],
                lambda i: [str(4 + i * 5 % 9), str(50 + i * 30 % 150)])]),
            ("Interkoneksi", [
                "Sejak 3 Maret 2025 jaringan intra terhubung dengan "
                "Jaringan Intra Pemerintah melalui dua jalur yang diuji "
                "setiap bulan."])], cover=False),
    covers="cakupan=lengkap|seluruh_pd|antarinstansi", years="2025",
    klass="terbatas")

doc("diskominfo/Tindak Lanjut Reviu Jaringan Intra 2026.pdf",
    "tindak_lanjut", "000.5.6/640/Diskominfo", "2026-05-04", KOMINFO,
    "Laporan tindak lanjut reviu jaringan intra tahun 2026",
    [("17", "5", "Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Tindak Lanjut Reviu Jaringan Intra", [
            ("Dasar", ["Rekomendasi nomor 3 Laporan Reviu Layanan TIK Tahun "
                       "2025 nomor 000.5.6/2401/Diskominfo."]),
            ("Keadaan sebelum dan sesudah", [(
                [5, 36, 27, 27], ["No", "Ukuran", "Sebelum", "Sesudah"], [
                    ["1", "Jalur cadangan tiga kecamatan", "10 Mbps",
                     "100 Mbps"],
                    ["2", "Waktu pindah jalur", "18 menit", "40 detik"],
                    ["3", "Gangguan tiap bulan", "41 menit",
                     "12 menit"]])])], cover=False),
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")

doc("diskominfo/Laporan Pemanfaatan Sistem Penghubung Layanan.pdf",
    "laporan_penerapan", "000.5.6/2312/Diskominfo", "2025-12-09", KOMINFO,
    "Laporan Pemanfaatan Sistem Penghubung Layanan Tahun 2025",
    [("18", "2 3", "Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Pemanfaatan Sistem Penghubung Layanan", [
            ("Ringkasan", ["Seluruh perangkat daerah bertukar data melalui "
                           "sistem penghubung layanan; rata-rata 38.000 "
                           "panggilan sehari."]),
            ("Pemakaian tiap perangkat daerah", [coverage(
                ["Antarmuka", "Panggilan/hari"],
                lambda i: [str(1 + i * 3 % 4),
                           str(900 + i * 431 % 5200)])])], cover=False),
    covers="cakupan=lengkap|seluruh_pd", years="2025")


def proker(d):
    tasks = ("Reviu kebijakan SPBE", "Pemutakhiran arsitektur",
             "Penyelarasan RKA", "Forum Satu Data", "Uji tanggap insiden",
             "Audit aplikasi", "Penilaian mandiri semester I",
             "Penilaian mandiri semester II", "Pelatihan SDM",
             "Rapat koordinasi seluruh perangkat daerah",
             "Penggabungan aplikasi berulang", "Laporan tahunan")
    return laporan(
        d, "Laporan Program Kerja Tim Koordinasi SPBE Tahun 2025", [
            ("Pelaksanaan program kerja", [
                "Seluruh dua belas program kerja tahun 2025 terlaksana dan "
                "dikoordinasikan dengan seluruh perangkat daerah dalam empat "
                "rapat triwulanan.",
                ([5, 60, 20, 15], ["No", "Program kerja", "Waktu",
                                   "Capaian"],
                 [[i, t, f"Triwulan {1 + (i - 1) // 3}", "100 %"]
                  for i, t in enumerate(tasks, 1)])]),
            ("Rapat koordinasi", [([10, 40, 40], ["No", "Tanggal",
                                                  "Kehadiran"], [
                ["1", "18 Maret 2025", "13 dari 13 perangkat daerah"],
                ["2", "17 Juni 2025", "13 dari 13 perangkat daerah"],
                ["3", "16 September 2025", "12 dari 13 perangkat daerah"],
                ["4", "9 Desember 2025", "13 dari 13 perangkat daerah"]])])],
        cover=False)


doc("setda/Laporan Program Kerja Tim Koordinasi SPBE 2025.pdf",
    "laporan_penerapan", "000.1.5/1990/Setda", "2025-12-15", SECRETARY,
    "Laporan Program Kerja Tim Koordinasi SPBE Tahun 2025",
    [("19", "2 3 4", "Bagian A dan Bagian B; halaman 1")], proker,
    covers="cakupan=lengkap|seluruh_pd", years="2025")

doc("setda/SK Forum Kolaborasi SPBE.pdf", "keputusan",
    "188.45/205/KEP/2024", "2024-07-08", MAYOR, "Keputusan Wali Kota Contoh "
    "tentang Forum Kolaborasi Penerapan SPBE",
    [("20", "2 3", "Diktum KESATU sampai KETIGA; halaman 1")],
    lambda d: keputusan(
        d, "Forum Kolaborasi Penerapan SPBE",
        ["bahwa penerapan SPBE memerlukan kerja sama perangkat daerah, "
         "perguruan tinggi, dan masyarakat;"],
        ["Membentuk Forum Kolaborasi Penerapan SPBE yang dikoordinasikan "
         "Sekretaris Daerah.",
         "Forum menyusun rencana kolaborasi setiap tahun.",
         "Forum bersidang paling sedikit dua kali setahun.",
         "Keputusan ini mulai berlaku pada tanggal ditetapkan."],
        ["Peraturan Wali Kota Nomor 28 Tahun 2021 tentang Penyelenggaraan "
         "Sistem Pemerintahan Berbasis Elektronik;"]),
    covers="cakupan=sebagian")

doc("setda/Foto Forum Kolaborasi.jpg", "foto", "", "2025-10-28", SECRETARY,
    "Foto sidang Forum Kolaborasi Penerapan SPBE",
    [("20", "1 2", "foto tunggal")],
    lambda d: jpeg(meeting(
        d, [("FORUM KOLABORASI SPBE", 1), ("KOTA CONTOH", 2),
            ("28 Oktober 2025", 1)],
        "Sidang II Forum Kolaborasi, Aula Setda, 28 Oktober 2025"), 20),
    klass="terbatas", personal="yes")
