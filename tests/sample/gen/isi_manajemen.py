"""Indicators 21 to 31: management processes and audits."""

from daftar import doc
from isi_tatakelola import KOMINFO, coverage
from layar import certificate, screen
from naskah import MAYOR, keputusan, laporan, notulen, pakta
from raster import jpeg, png
from xlsx import xlsx

doc("inspektorat/Laporan Manajemen Risiko SPBE 2025.pdf",
    "laporan_penerapan", "700.1/410/Inspektorat", "2025-11-03",
    "Inspektur Daerah", "Laporan Penerapan Manajemen Risiko SPBE Tahun 2025",
    [("21", "2 3", "Bagian A dan Bagian B; halaman 1"),
     ("22", "3", "Bagian B nomor 2 dan 3; halaman 1")],
    lambda d: laporan(
        d, "Laporan Penerapan Manajemen Risiko SPBE Tahun 2025", [
            ("Pedoman", ["Penerapan mengikuti pedoman manajemen risiko SPBE "
                         "dan daftar selera risiko yang ditetapkan Tim "
                         "Koordinasi SPBE."]),
            ("Daftar risiko", [([5, 44, 16, 35], [
                "No", "Risiko", "Besaran", "Penanganan"], [
                ["1", "Pusat data padam lebih dari empat jam", "Tinggi",
                 "Daya cadangan, uji tiap triwulan"],
                ["2", "Kebocoran data warga", "Tinggi",
                 "Enkripsi, pembatasan hak akses"],
                ["3", "Aplikasi disusupi", "Sedang", "Uji keamanan"],
                ["4", "Petugas ahli pindah tugas", "Sedang",
                 "Alih pengetahuan"],
                ["5", "Data induk tidak mutakhir", "Rendah",
                 "Pengingat triwulan"]])]),
            ("Pelaksanaan pada perangkat daerah", [coverage(
                ["Risiko", "Ditangani"],
                lambda i: [str(3 + i * 2 % 5), str(2 + i * 2 % 5)])])],
        cover=False), covers="cakupan=lengkap|seluruh_pd", years="2025",
    klass="terbatas")

doc("inspektorat/Pakta Integritas Manajemen Risiko.pdf", "pakta_integritas",
    "700.1/PI-01/Inspektorat", "2025-02-03", "Inspektur Daerah",
    "Pakta integritas manajemen risiko SPBE para pemilik risiko",
    [("21", "3", "pernyataan 1 sampai 3; halaman 1")],
    lambda d: pakta(d, "Penerapan Manajemen Risiko SPBE", [
        "menerapkan manajemen risiko SPBE sesuai pedoman;",
        "melaporkan risiko dan kejadian risiko dengan jujur dan tepat "
        "waktu;",
        "menindaklanjuti rencana penanganan risiko pada perangkat daerah "
        "yang dipimpin."]), covers="cakupan=seluruh_pd")

doc("diskominfo/Laporan Pengendalian Keamanan Informasi 2025.pdf",
    "laporan_penerapan", "000.5.6/2290/Diskominfo", "2025-12-02", KOMINFO,
    "Laporan Pengendalian Keamanan Informasi Tahun 2025",
    [("22", "2 3 4", "Bagian A sampai Bagian C; halaman 1")],
    lambda d: laporan(
        d, "Laporan Pengendalian Keamanan Informasi Tahun 2025", [
            ("Strategi", ["Strategi keamanan tahun 2025 ditetapkan Tim "
                          "Koordinasi SPBE pada rapat 18 Maret 2025."]),
            ("Pengendalian pada seluruh perangkat daerah", [coverage(
                ["Kendali", "Terpenuhi"],
                lambda i: ["7", str(6 + i % 2)])]),
            ("Kejadian", ["Empat kejadian ringan ditangani tim tanggap "
                          "insiden dalam waktu kurang dari dua jam."])],
        cover=False), covers="cakupan=lengkap|seluruh_pd", years="2025",
    klass="terbatas")

doc("bappeda/Laporan Manajemen Data 2025.pdf", "laporan_penerapan",
    "000.7/610/Bappeda", "2025-11-28", "Kepala Bappeda",
    "Laporan Penerapan Manajemen Data Tahun 2025",
    [("23", "2 3 4", "Bagian A dan Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Penerapan Manajemen Data Tahun 2025", [
            ("Strategi Forum Satu Data", [
                "Forum Satu Data menetapkan daftar data prioritas dan data "
                "induk tahun 2025 untuk seluruh perangkat daerah."]),
            ("Penerapan menurut pedoman", [([5, 34, 60], [
                "No", "Unsur", "Penerapan"], [
                ["1", "Arsitektur data", "118 jenis data terdaftar"],
                ["2", "Data induk", "14 data induk ditetapkan"],
                ["3", "Data referensi", "9 kode referensi dipakai bersama"],
                ["4", "Basis data", "16 basis data tercatat"],
                ["5", "Kualitas data", "kelengkapan 96 persen"],
                ["6", "Interoperabilitas", "23 antarmuka data aktif"]])])],
        cover=False), covers="cakupan=lengkap|seluruh_pd", years="2025")


def aset(d):
    rows = [["Inventaris aset TIK Kota Contoh - keadaan 31 Maret 2026"],
            ["No", "Kode barang", "Nama barang", "Lokasi", "Jumlah",
             "Keadaan"]]
    for i, (name, place, n, state) in enumerate((
            ("Peladen", "Pusat data", 14, "baik"),
            ("Penyimpan data", "Pusat data", 4, "baik"),
            ("Sakelar jaringan", "Simpul jaringan", 31, "baik"),
            ("Tembok api", "Pusat data", 2, "baik"),
            ("Perute", "Simpul jaringan", 13, "1 rusak"),
            ("Komputer kerja", "Perangkat daerah", 612, "24 rusak"),
            ("Pemindai", "Disarpus", 6, "baik")), 1):
        rows.append([i, f"1.3.2.10.{i:02d}", name, place, n, state])
    return xlsx(d["title"], "Diskominfo Kota Contoh", d["date"],
                [("Inventaris", [5, 16, 22, 20, 10, 12], 2, rows)])


doc("diskominfo/Inventaris Aset TIK.xlsx", "laporan_penerapan",
    "000.5.6/520/Diskominfo", "2026-04-06", KOMINFO,
    "Inventaris aset TIK Kota Contoh keadaan 31 Maret 2026",
    [("24", "2", "lembar Inventaris")], aset, covers="cakupan=sebagian")

doc("bkpsdm/Laporan Kompetensi SDM SPBE 2025.pdf", "laporan_penerapan",
    "800.1/905/BKPSDM", "2025-12-05", "Kepala BKPSDM",
    "Laporan Pemenuhan Kompetensi SDM SPBE Tahun 2025",
    [("25", "2 3", "Bagian A; halaman 1")],
    lambda d: laporan(
        d, "Laporan Pemenuhan Kompetensi SDM SPBE Tahun 2025", [
            ("Pemenuhan enam bidang kompetensi", [([5, 44, 22, 22], [
                "No", "Bidang kompetensi", "Kebutuhan", "Terpenuhi"], [
                ["1", "Proses bisnis pemerintahan", "6", "6"],
                ["2", "Arsitektur SPBE", "4", "4"],
                ["3", "Data dan informasi", "13", "13"],
                ["4", "Keamanan SPBE", "5", "5"],
                ["5", "Aplikasi SPBE", "8", "8"],
                ["6", "Infrastruktur SPBE", "6", "6"]])]),
            ("Catatan", ["Penilaian kompetensi dijadwalkan tahun 2027; pada "
                         "tahun 2025 baru dilakukan pemenuhan."])],
        cover=False), covers="cakupan=lengkap|seluruh_pd", years="2025")

doc("bkpsdm/Sertifikat Pelatihan.jpg", "sertifikat", "800.1/S-118/BKPSDM",
    "2025-06-13", "Kepala BKPSDM", "Sertifikat pelatihan arsitektur SPBE",
    [("25", "3", "sertifikat tunggal")],
    lambda d: jpeg(certificate(d, "SERTIFIKAT", [
        ("diberikan kepada Jabatan Fungsional Pranata Komputer", 1),
        ("Dinas Komunikasi dan Informatika Kota Contoh", 1),
        ("Pelatihan Arsitektur SPBE", 2),
        ("40 jam pelajaran, 9 - 13 Juni 2025, nilai 88", 1)],
        "Kepala BKPSDM"), 22), klass="terbatas", personal="yes")

doc("bkpsdm/Notulen Rapat.pdf", "notulen", "800.1/NR-03/BKPSDM",
    "2026-02-17", "Kepala BKPSDM", "Notulen rapat persiapan penerapan "
    "manajemen pengetahuan dan manajemen perubahan SPBE",
    [("26", "1", "Bagian A; halaman 1"), ("27", "1", "Bagian C; halaman 1")],
    lambda d: notulen(
        d, "Persiapan penerapan manajemen pengetahuan dan manajemen "
        "perubahan", "Kepala BKPSDM", "Ruang Rapat BKPSDM",
        ["Dinas Komunikasi dan Informatika", "Bagian Organisasi",
         "Disarpus"],
        ["Rencana penerapan manajemen pengetahuan tahun 2026",
         "Rencana manajemen perubahan tahun 2026"],
        [("Pedoman manajemen pengetahuan belum ada",
          "Menyusun pedoman pada triwulan III 2026"),
         ("Belum ada aplikasi berbagi pengetahuan",
          "Memakai modul pada portal pegawai")],
        [("Rancangan pedoman", "BKPSDM", "September 2026"),
         ("Agen perubahan tiap perangkat daerah", "Bagian Organisasi",
          "Juni 2026")], "13.30 - 15.00 WIB"))

doc("bkpsdm/Laporan Manajemen Perubahan SPBE.pdf", "laporan_penerapan",
    "800.1/311/BKPSDM", "2026-04-20", "Kepala BKPSDM",
    "Laporan Penerapan Manajemen Perubahan SPBE",
    [("27", "2 3", "Bagian A dan Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Penerapan Manajemen Perubahan SPBE", [
            ("Pedoman", ["Penerapan memakai pedoman manajemen perubahan Kota "
                         "Contoh nomor 800.1/PD-02/BKPSDM yang dilampirkan "
                         "pada laporan ini."]),
            ("Pelaksanaan seluruh perangkat daerah", [coverage(
                ["Agen", "Sosialisasi"],
                lambda i: [str(1 + i % 3), str(2 + i % 2)])])],
        cover=False), covers="cakupan=lengkap|seluruh_pd")

doc("diskominfo/Laporan Manajemen Layanan SPBE 2025.pdf",
    "laporan_penerapan", "000.5.6/2295/Diskominfo", "2025-12-03", KOMINFO,
    "Laporan Penerapan Manajemen Layanan SPBE Tahun 2025",
    [("28", "2 3 4", "Bagian A dan Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Penerapan Manajemen Layanan SPBE Tahun 2025", [
            ("Pedoman", ["Penerapan memakai pedoman manajemen layanan nomor "
                         "000.5.6/PD-01/Diskominfo: pelayanan pengguna dan "
                         "pengoperasian layanan."]),
            ("Capaian", [([5, 46, 24, 24], ["No", "Ukuran", "Sasaran",
                                            "Capaian"], [
                ["1", "Permintaan selesai tepat waktu", "90 persen",
                 "93 persen"],
                ["2", "Waktu jawab pertama", "30 menit", "24 menit"],
                ["3", "Ketersediaan layanan", "99,5 persen", "99,7 persen"],
                ["4", "Kepuasan pengguna", "4,0", "4,2"]])])],
        cover=False), covers="cakupan=lengkap|seluruh_pd", years="2025")

doc("diskominfo/Screenshot Meja Layanan.png", "tangkapan_layar", "",
    "2026-06-08", KOMINFO, "Tangkapan layar aplikasi manajemen layanan "
    "(meja layanan TIK)", [("28", "4", "daftar permintaan")],
    lambda d: png(screen(
        d, "Meja Layanan TIK", "meja-layanan/antrean", [
            "Antrean", "Permintaan", "Gangguan", "Aset", "Laporan"],
        "Antrean permintaan hari ini", ["Nomor", "Permintaan", "Status"],
        [["ML-2606-041", "Akun portal baru", "Selesai"],
         ["ML-2606-042", "Jaringan lantai 3 lambat", "Diproses"],
         ["ML-2606-043", "Pulihkan berkas", "Selesai"],
         ["ML-2606-044", "Sertifikat aplikasi", "Menunggu"],
         ["ML-2606-045", "Ruang peladen panas", "Selesai"]], [3, 5, 2],
        ["Buat permintaan", "Unduh laporan"])),
    covers="fungsi=informasi|interaksi|transaksi;cakupan=seluruh_pd")


def audit(d, kind, scope, points, auditor, guide):
    return laporan(
        d, f"Laporan Audit {kind} SPBE", [
            ("Penugasan", [f"Audit dilaksanakan oleh {auditor} terhadap "
                           f"{scope}.", f"Pedoman: {guide}."]),
            ("Hasil pokok teknis", [([5, 44, 20, 40], [
                "No", "Pokok teknis", "Nilai", "Temuan"],
                [[i, *row] for i, row in enumerate(points, 1)])])],
        ["Temuan ditindaklanjuti paling lambat enam bulan sejak laporan "
         "diterima.", "Inspektorat memantau tindak lanjut setiap triwulan."])


doc("inspektorat/Laporan Audit Infrastruktur SPBE 2025.pdf",
    "laporan_audit", "700.1/LHA-07/Inspektorat", "2025-08-29",
    "Inspektur Daerah", "Laporan Audit Infrastruktur SPBE Tahun 2025",
    [("29", "2 3", "Bagian A dan Bagian B; halaman 2")],
    lambda d: audit(
        d, "Infrastruktur", "pusat data dan jaringan intra", [
            ["Kelayakan ruang pusat data", "Baik", "-"],
            ["Daya dan pendingin", "Cukup", "Uji daya cadangan terlambat"],
            ["Jaringan intra", "Baik", "Label kabel belum lengkap"]],
        "tim auditor yang keputusannya masih berupa rancangan",
        "pedoman umum audit TIK"), covers="cakupan=sebagian",
    klass="terbatas")

doc("inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf", "laporan_audit",
    "700.1/LHA-02/Inspektorat", "2026-03-30", "Inspektur Daerah",
    "Laporan Audit Aplikasi SPBE Tahun 2026",
    [("30", "2 3", "Bagian A dan Bagian B; halaman 2")],
    lambda d: audit(
        d, "Aplikasi", "lima aplikasi layanan publik", [
            ["Tata kelola aplikasi", "Baik", "-"],
            ["Fungsi dan kinerja", "Baik", "Pencarian lambat pada JDIH"],
            ["Pemeliharaan", "Cukup", "Catatan perubahan tidak lengkap"],
            ["Keterpaduan", "Baik", "-"]],
        "auditor internal Inspektorat berdasarkan Keputusan Wali Kota Nomor "
        "188.45/96/KEP/2026", "standar audit aplikasi SPBE"),
    covers="cakupan=lengkap")

doc("inspektorat/SK Tim Auditor Internal Aplikasi SPBE.pdf", "keputusan",
    "188.45/96/KEP/2026", "2026-02-16", MAYOR, "Keputusan Wali Kota Contoh "
    "tentang Tim Auditor Internal Aplikasi SPBE Tahun 2026",
    [("30", "3", "Diktum KESATU; halaman 1")],
    lambda d: keputusan(
        d, "Tim Auditor Internal Aplikasi SPBE Tahun 2026",
        ["bahwa audit aplikasi SPBE dilaksanakan auditor internal yang "
         "ditugaskan Wali Kota;"],
        ["Menugaskan auditor Inspektorat sebagai Tim Auditor Internal "
         "Aplikasi SPBE Tahun 2026.",
         "Tim melaksanakan audit menurut standar audit aplikasi SPBE.",
         "Keputusan ini mulai berlaku pada tanggal ditetapkan."],
        ["Peraturan Wali Kota Nomor 9 Tahun 2022 tentang Audit Teknologi "
         "Informasi dan Komunikasi Pasal 3;"]), covers="cakupan=lengkap")

doc("inspektorat/Draft SK Tim Auditor SPBE 2026.pdf", "peraturan", "", "", "",
    "Keputusan Wali Kota tentang Tim Auditor SPBE Tahun 2026",
    [("29", "3", "Diktum KESATU; halaman 1")],
    lambda d: keputusan(
        d, "Tim Auditor SPBE Tahun 2026",
        ["bahwa audit infrastruktur dan audit keamanan SPBE memerlukan tim "
         "auditor;"],
        ["Menugaskan Tim Auditor SPBE Tahun 2026.",
         "Tim melaksanakan audit infrastruktur dan audit keamanan SPBE.",
         "Keputusan ini mulai berlaku pada tanggal ditetapkan."],
        ["Peraturan Wali Kota Nomor 9 Tahun 2022 tentang Audit Teknologi "
         "Informasi dan Komunikasi;"], draft=True),
    note="sengaja: rancangan yang diajukan sebagai produk hukum")

doc("inspektorat/Laporan Audit Keamanan SPBE 2025 oleh Lembaga Audit TIK "
    "Terakreditasi (Final, bertanda tangan).pdf", "laporan_audit",
    "LA-TIK/2025/031", "2025-10-15", "Ketua Lembaga Audit TIK Contoh",
    "Laporan Audit Keamanan SPBE Tahun 2025 oleh auditor eksternal",
    [("31", "2 3 4", "Bagian A dan Bagian B; halaman 2")],
    lambda d: audit(
        d, "Keamanan", "tiga aplikasi, pusat data, dan jaringan intra", [
            ["Tata kelola keamanan", "Baik", "-"],
            ["Kendali akses", "Cukup", "Hak akses lama belum dicabut"],
            ["Kriptografi", "Baik", "-"],
            ["Pemantauan", "Cukup", "Catatan kejadian disimpan 30 hari"]],
        "auditor eksternal bersertifikat dari Lembaga Audit TIK Contoh",
        "standar audit keamanan SPBE"), covers="cakupan=lengkap|antarinstansi",
    klass="rahasia")

doc("inspektorat/Sertifikat Auditor Eksternal.jpg", "sertifikat",
    "LA-TIK/SERT/2024/12", "2024-09-02", "Ketua Lembaga Audit TIK Contoh",
    "Sertifikat kompetensi auditor TIK eksternal",
    [("31", "4", "sertifikat tunggal")],
    lambda d: jpeg(certificate(d, "SERTIFIKAT", [
        ("Lembaga Audit TIK Contoh menyatakan", 1),
        ("Auditor TIK nomor register A-0031", 2),
        ("kompeten sebagai auditor keamanan SPBE", 1),
        ("berlaku sampai 1 September 2027", 1)],
        "Ketua Lembaga Audit TIK Contoh"), 22), klass="terbatas",
    personal="yes",
    valid_until="2027-09-01")
