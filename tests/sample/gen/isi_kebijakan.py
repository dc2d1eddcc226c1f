"""Indicators 1 to 10: regulations, their reviews, what followed."""

from daftar import doc
from naskah import MAYOR, SECRETARY, keputusan, laporan, notulen, perwali

GIVEN = ["Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;",
         "Peraturan Presiden Nomor 95 Tahun 2018 tentang Sistem Pemerintahan "
         "Berbasis Elektronik;"]
TEAM = ["Sekretaris Daerah", "Dinas Komunikasi dan Informatika", "Bappeda",
        "Bagian Hukum", "Bagian Organisasi", "Inspektorat"]


def spbe_2021(d):
    return perwali(
        d, "Penyelenggaraan Sistem Pemerintahan Berbasis Elektronik",
        ["bahwa layanan pemerintahan di Kota Contoh perlu diselenggarakan "
         "secara terpadu, aman, dan mudah dijangkau warga;",
         "bahwa setiap perangkat daerah memerlukan acuan yang sama dalam "
         "membangun aplikasi, memakai pusat data, dan berbagi data;"],
        [("Ketentuan umum", [
            "SPBE adalah penyelenggaraan pemerintahan yang memanfaatkan "
            "teknologi informasi untuk melayani penggunanya.",
            "Unit pengelola TIK adalah Dinas Komunikasi dan Informatika."]),
         ("", ["Peraturan Wali Kota ini berlaku bagi seluruh perangkat "
               "daerah di lingkungan Pemerintah Kota Contoh."]),
         ("", ["SPBE diselenggarakan dengan asas keterpaduan, "
               "kesinambungan, keamanan, dan kemudahan."]),
         ("Arsitektur dan peta rencana", [
             "Arsitektur SPBE disusun untuk jangka waktu lima tahun dengan "
             "mengacu pada referensi arsitektur nasional."]),
         ("", ["Arsitektur SPBE memuat domain proses bisnis, data dan "
               "informasi, infrastruktur, aplikasi, keamanan, dan layanan.",
               "Arsitektur SPBE mengatur integrasi layanan antarinstansi "
               "pusat dan daerah.",
               "Arsitektur SPBE direviu paling sedikit sekali setahun."]),
         ("", ["Peta Rencana SPBE memuat tata kelola, manajemen, layanan, "
               "infrastruktur, aplikasi, keamanan, dan audit TIK.",
               "Peta Rencana SPBE diselaraskan dengan Peta Rencana SPBE "
               "Nasional dan direviu setiap tahun."]),
         ("Aplikasi", [
             "Pembangunan aplikasi meliputi perencanaan, analisis, desain, "
             "implementasi, dan pemeliharaan."]),
         ("", ["Perangkat daerah wajib berkonsultasi dengan unit pengelola "
               "TIK sebelum membangun aplikasi.",
               "Unit pengelola TIK mengendalikan keterpaduan pembangunan "
               "aplikasi dan menghentikan aplikasi yang berulang."]),
         ("Infrastruktur", [
             "Seluruh perangkat daerah menempatkan aplikasi dan data pada "
             "pusat data Pemerintah Kota Contoh.",
             "Pusat data dihubungkan dengan Pusat Data Nasional."]),
         ("", ["Seluruh perangkat daerah memakai jaringan intra yang "
               "dikelola unit pengelola TIK.",
               "Jaringan intra dihubungkan dengan Jaringan Intra "
               "Pemerintah."]),
         ("", ["Pertukaran data antaraplikasi seluruh perangkat daerah "
               "melalui sistem penghubung layanan.",
               "Sistem penghubung layanan terhubung dengan Sistem "
               "Penghubung Layanan Pemerintah."]),
         ("Penutup", ["Peraturan Wali Kota ini mulai berlaku pada tanggal "
                      "diundangkan."])], GIVEN)


doc("bagian-hukum/Perwali Nomor 28 Tahun 2021 tentang Penyelenggaraan "
    "SPBE.pdf", "peraturan", "28", "2021-06-01", MAYOR,
    "Peraturan Wali Kota Contoh Nomor 28 Tahun 2021 tentang Penyelenggaraan "
    "Sistem Pemerintahan Berbasis Elektronik",
    [("1", "2 3 4", "Pasal 4 dan Pasal 5; halaman 2"),
     ("2", "2 3 4", "Pasal 6; halaman 2"),
     ("4", "2 3 4", "Pasal 7 dan Pasal 8; halaman 3"),
     ("5", "2 3 4", "Pasal 9; halaman 3"),
     ("6", "2 3 4", "Pasal 10; halaman 3"),
     ("7", "2 3 4", "Pasal 11; halaman 3")],
    spbe_2021, covers="cakupan=lengkap|seluruh_pd|antarinstansi",
    valid_from="2021-06-01")


def satu_data(d):
    return perwali(
        d, "Satu Data dan Manajemen Data",
        ["bahwa data yang akurat, mutakhir, dan dapat dibagipakaikan "
         "diperlukan untuk perencanaan pembangunan Kota Contoh;"],
        [("Ketentuan umum", [
            "Manajemen data adalah rangkaian pengelolaan data sejak "
            "perencanaan sampai penyebarluasan."]),
         ("Manajemen data", [
             "Manajemen data meliputi arsitektur data, data induk, data "
             "referensi, basis data, kualitas data, dan interoperabilitas."]),
         ("", ["Walidata adalah Dinas Komunikasi dan Informatika; produsen "
               "data adalah seluruh perangkat daerah."]),
         ("", ["Data induk dan data referensi ditetapkan Forum Satu Data "
               "setiap tahun."]),
         ("", ["Data dibagipakaikan dengan instansi pusat dan pemerintah "
               "daerah lain melalui sistem penghubung layanan."]),
         ("", ["Pelaksanaan manajemen data direviu paling sedikit sekali "
               "setahun."]),
         ("Penutup", ["Peraturan Wali Kota ini mulai berlaku pada tanggal "
                      "diundangkan."])],
        GIVEN + ["Peraturan Presiden Nomor 39 Tahun 2019 tentang Satu Data "
                 "Indonesia;"])


doc("bagian-hukum/Perwali 41 Tahun 2022 Satu Data.pdf", "peraturan", "41",
    "2022-09-14", MAYOR, "Peraturan Wali Kota Contoh Nomor 41 Tahun 2022 "
    "tentang Satu Data dan Manajemen Data",
    [("3", "2 3 4", "Pasal 2 sampai Pasal 6; halaman 2"),
     ("23", "3 4", "Pasal 2 dan Pasal 4; halaman 2")], satu_data,
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")


def keamanan(d):
    return perwali(
        d, "Manajemen Keamanan Informasi",
        ["bahwa kerahasiaan, keutuhan, dan ketersediaan informasi "
         "pemerintah serta data warga wajib dilindungi;"],
        [("Ketentuan umum", [
            "Manajemen keamanan informasi menjaga kerahasiaan, keutuhan, "
            "ketersediaan, keaslian, dan kenirsangkalan informasi."]),
         ("Pelaksanaan", [
             "Ruang lingkup keamanan informasi meliputi data, aplikasi, "
             "jaringan, pusat data, dan pengguna pada seluruh perangkat "
             "daerah."]),
         ("", ["Penanggung jawab keamanan informasi adalah Sekretaris "
               "Daerah; pelaksana teknis adalah tim tanggap insiden."]),
         ("", ["Perencanaan keamanan informasi disusun setiap tahun "
               "berdasarkan penilaian risiko."]),
         ("", ["Dukungan operasi meliputi sumber daya manusia, anggaran, "
               "dan teknologi."]),
         ("", ["Evaluasi kinerja keamanan informasi dilakukan paling "
               "sedikit sekali setahun dan hasilnya dilaporkan kepada Wali "
               "Kota."]),
         ("", ["Perbaikan berkelanjutan dilakukan berdasarkan hasil "
               "evaluasi dan audit."]),
         ("Penutup", ["Peraturan Wali Kota ini mulai berlaku pada tanggal "
                      "diundangkan."])], GIVEN)


doc("bagian-hukum/Perwali 17 Tahun 2023 Manajemen Keamanan Informasi.pdf",
    "peraturan", "17", "2023-04-10", MAYOR, "Peraturan Wali Kota Contoh Nomor "
    "17 Tahun 2023 tentang Manajemen Keamanan Informasi",
    [("8", "2 3 4", "Pasal 2 sampai Pasal 7; halaman 2")], keamanan,
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")


def audit(d):
    return perwali(
        d, "Audit Teknologi Informasi dan Komunikasi",
        ["bahwa keandalan dan keamanan SPBE perlu diperiksa secara berkala "
         "oleh pihak yang berwenang;"],
        [("Ketentuan umum", [
            "Audit TIK adalah pemeriksaan sistematis atas penerapan tata "
            "kelola, fungsi, dan kinerja TIK."]),
         ("Pelaksanaan audit", [
             "Audit TIK meliputi audit infrastruktur, audit aplikasi, dan "
             "audit keamanan SPBE."]),
         ("", ["Audit internal dilaksanakan Inspektorat paling sedikit "
               "sekali dalam dua tahun pada seluruh perangkat daerah."]),
         ("", ["Audit eksternal dilaksanakan lembaga yang terakreditasi."]),
         ("", ["Temuan audit ditindaklanjuti paling lambat enam bulan."]),
         ("Penutup", ["Peraturan Wali Kota ini mulai berlaku pada tanggal "
                      "diundangkan."])], GIVEN)


doc("bagian-hukum/Perwali Nomor 9 Tahun 2022 tentang Audit TIK.pdf",
    "peraturan", "9", "2022-02-21", MAYOR, "Peraturan Wali Kota Contoh Nomor "
    "9 Tahun 2022 tentang Audit Teknologi Informasi dan Komunikasi",
    [("9", "2 3 4", "Pasal 2 dan Pasal 3; halaman 2"),
     ("31", "3", "Pasal 4; halaman 2")], audit,
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")


def tim(d):
    return keputusan(
        d, "Tim Koordinasi Sistem Pemerintahan Berbasis Elektronik",
        ["bahwa penerapan SPBE perlu dikoordinasikan pada seluruh perangkat "
         "daerah dan dengan instansi lain;"],
        ["Membentuk Tim Koordinasi SPBE dengan susunan sebagaimana tercantum "
         "dalam Lampiran.",
         "Tim mengarahkan, memantau, dan mengevaluasi penerapan SPBE pada "
         "seluruh perangkat daerah.",
         "Tim mengoordinasikan kerja sama SPBE antarinstansi dengan instansi "
         "pusat, pemerintah provinsi, dan pemerintah daerah lain.",
         "Program kerja Tim ditetapkan setiap tahun dan direviu setiap "
         "semester.",
         "Keputusan ini mulai berlaku pada tanggal ditetapkan."], GIVEN,
        ("Susunan Tim Koordinasi SPBE", [8, 30, 60],
         ["No", "Kedudukan", "Jabatan"],
         [["1", "Ketua", "Wali Kota"],
          ["2", "Koordinator", "Sekretaris Daerah"],
          ["3", "Anggota", "Kepala Dinas Komunikasi dan Informatika"],
          ["4", "Anggota", "Kepala Bappeda"],
          ["5", "Anggota", "Inspektur Daerah"],
          ["6", "Anggota", "Kepala Bagian Organisasi"],
          ["7", "Anggota", "Kepala BPKAD"], ["8", "Anggota", "Kepala BKPSDM"],
          ["9", "Anggota", "Kepala perangkat daerah lainnya"]]))


doc("setda/19. SK Tim Koordinasi SPBE.pdf", "keputusan",
    "188.45/312/KEP/2023", "2023-05-22", MAYOR, "Keputusan Wali Kota Contoh "
    "tentang Tim Koordinasi Sistem Pemerintahan Berbasis Elektronik",
    [("10", "2 3 4", "Diktum KEDUA dan KETIGA; halaman 1"),
     ("19", "1 2", "Lampiran; halaman 2")], tim,
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")


def perubahan(d):
    return perwali(
        d, "Perubahan atas Peraturan Wali Kota Nomor 28 Tahun 2021 tentang "
        "Penyelenggaraan Sistem Pemerintahan Berbasis Elektronik",
        ["bahwa hasil reviu kebijakan SPBE tahun 2025 merekomendasikan "
         "penyempurnaan ketentuan arsitektur, peta rencana, dan "
         "pembangunan aplikasi;"],
        [("", ["Ketentuan arsitektur ditambah: pemutakhiran Arsitektur SPBE "
               "dicatat pada sistem arsitektur nasional paling lambat tiga "
               "puluh hari sejak ditetapkan."]),
         ("", ["Ketentuan peta rencana ditambah: Peta Rencana SPBE dirinci "
               "dalam rencana kerja setiap perangkat daerah."]),
         ("", ["Ketentuan pembangunan aplikasi ditambah: aplikasi baru "
               "memperoleh rekomendasi tertulis unit pengelola TIK dan lulus "
               "uji keamanan sebelum dipakai."]),
         ("", ["Peraturan Wali Kota ini mulai berlaku pada tanggal "
               "diundangkan."])],
        ["Peraturan Wali Kota Contoh Nomor 28 Tahun 2021 tentang "
         "Penyelenggaraan Sistem Pemerintahan Berbasis Elektronik;"])


doc("bagian-hukum/Perwali 12 Tahun 2026 tentang Perubahan atas Perwali Nomor "
    "28 Tahun 2021 tentang SPBE.pdf", "peraturan", "12", "2026-03-16", MAYOR,
    "Peraturan Wali Kota Contoh Nomor 12 Tahun 2026 tentang Perubahan atas "
    "Peraturan Wali Kota Nomor 28 Tahun 2021",
    [("1", "5", "Pasal 1; halaman 2"), ("2", "5", "Pasal 2; halaman 2"),
     ("4", "5", "Pasal 3; halaman 2")], perubahan,
    covers="cakupan=lengkap|seluruh_pd|antarinstansi")


def reviu_kebijakan(d):
    return laporan(
        d, "Laporan Reviu Kebijakan dan Perencanaan SPBE Tahun 2025",
        [("Dasar dan ruang lingkup", [
            "Reviu dilakukan berdasarkan Pasal 5 dan Pasal 6 Peraturan Wali "
            "Kota Nomor 28 Tahun 2021 oleh tim yang terdiri atas Dinas "
            "Komunikasi dan Informatika, Bappeda, Bagian Hukum, dan "
            "Inspektorat.",
            "Yang direviu: kebijakan arsitektur, peta rencana, pembangunan "
            "aplikasi, pusat data, dan jaringan intra, serta dokumen "
            "arsitektur dan dokumen peta rencana."]),
         ("Isu", [([5, 30, 60], ["No", "Pokok", "Isu"], [
             ["1", "Arsitektur", "Pemutakhiran belum dicatat pada sistem "
              "arsitektur nasional"],
             ["2", "Peta rencana", "Empat kegiatan tahun 2025 tidak masuk "
              "rencana kerja perangkat daerah"],
             ["3", "Aplikasi", "Dua aplikasi dibangun tanpa rekomendasi "
              "tertulis"],
             ["4", "Pusat data", "Tiga aplikasi masih berada di luar pusat "
              "data"],
             ["5", "Jaringan intra", "Cadangan jalur belum diuji"]])]),
         ("Kesimpulan", [
             "Kebijakan masih relevan; ketentuan arsitektur, peta rencana, "
             "dan aplikasi perlu diubah."])],
        ["Mengubah Peraturan Wali Kota Nomor 28 Tahun 2021 tentang "
         "arsitektur, peta rencana, dan pembangunan aplikasi.",
         "Memutakhirkan dokumen Arsitektur SPBE pada sistem nasional.",
         "Menyelaraskan rencana kerja dan anggaran tahun 2026 dengan peta "
         "rencana.",
         "Memindahkan tiga aplikasi ke pusat data paling lambat Juni 2026."])


doc("diskominfo/Laporan Reviu Kebijakan dan Perencanaan SPBE 2025.pdf",
    "laporan_reviu", "000.5.6/1830/Diskominfo", "2025-09-18",
    "Kepala Dinas Komunikasi dan Informatika", "Laporan Reviu Kebijakan dan "
    "Perencanaan SPBE Tahun 2025",
    [("1", "4", "Bagian B nomor 1; halaman 2"),
     ("2", "4", "Bagian B nomor 2; halaman 2"),
     ("4", "4", "Bagian B nomor 3; halaman 2"),
     ("5", "4", "Bagian B nomor 4; halaman 2"),
     ("6", "4", "Bagian B nomor 5; halaman 2"),
     ("11", "4", "Bagian D nomor 2; halaman 2"),
     ("12", "4", "Bagian D nomor 3; halaman 2")], reviu_kebijakan)


def notulen_data(d):
    return notulen(
        d, "Reviu kebijakan dan penerapan manajemen data",
        "Kepala Dinas Komunikasi dan Informatika selaku walidata",
        "Ruang Rapat Diskominfo lantai 2",
        ["Bappeda selaku koordinator Forum Satu Data", "Dinas Kesehatan",
         "Disdukcapil", "BPKAD", "Bagian Hukum"],
        ["Capaian data induk tahun 2025",
         "Reviu Peraturan Wali Kota Nomor 41 Tahun 2022",
         "Rencana perbaikan tahun 2026"],
        [("Data referensi wilayah berbeda antara dua aplikasi",
          "Menetapkan satu data referensi wilayah"),
         ("Kualitas data sasaran kesehatan belum diukur",
          "Mengukur kelengkapan dan ketepatan tiap triwulan"),
         ("Produsen data terlambat mengunggah",
          "Mengirim pengingat dan melaporkan keterlambatan kepada Sekda")],
        [("Keputusan data referensi wilayah", "Bappeda", "Desember 2025"),
         ("Pengukuran kualitas data", "Diskominfo", "Maret 2026")])


doc("diskominfo/Notulen Rapat.pdf", "notulen", "000.5.6/NR-17/Diskominfo",
    "2025-10-07", "Kepala Dinas Komunikasi dan Informatika", "Notulen rapat "
    "reviu kebijakan dan penerapan manajemen data tahun 2025",
    [("3", "4", "Bagian B nomor 1; halaman 1"),
     ("23", "4", "Bagian B nomor 2; halaman 1")], notulen_data)


def notulen_keamanan(d):
    return notulen(
        d, "Reviu kebijakan dan pengendalian keamanan informasi",
        "Sekretaris Daerah", "Ruang Rapat Sekretariat Daerah", TEAM,
        ["Evaluasi kinerja keamanan informasi semester I 2025",
         "Reviu Peraturan Wali Kota Nomor 17 Tahun 2023",
         "Kesiapan tim tanggap insiden"],
        [("Dua perangkat daerah belum memperbarui penilaian risiko",
          "Pembaruan paling lambat akhir Agustus 2025"),
         ("Kata sandi bawaan masih dipakai pada empat perangkat jaringan",
          "Mengganti dan mencatat pada daftar kendali"),
         ("Cadangan data belum diuji pulih",
          "Uji pemulihan setiap semester")],
        [("Pembaruan penilaian risiko", "Inspektorat", "31 Agustus 2025"),
         ("Uji pemulihan cadangan", "Diskominfo", "30 September 2025")])


doc("diskominfo/Notulen Reviu Keamanan Informasi.pdf", "notulen",
    "000.5.6/NR-11/Diskominfo", "2025-07-24", SECRETARY, "Notulen rapat reviu "
    "kebijakan dan pengendalian keamanan informasi tahun 2025",
    [("8", "4", "Bagian B nomor 1; halaman 1"),
     ("22", "4", "Bagian B nomor 2 dan 3; halaman 1")], notulen_keamanan,
    klass="terbatas")


def notulen_audit(d):
    return notulen(
        d, "Reviu Peraturan Wali Kota tentang Audit TIK",
        "Inspektur Daerah", "Ruang Rapat Inspektorat",
        ["Dinas Komunikasi dan Informatika", "Bagian Hukum"],
        ["Pelaksanaan Peraturan Wali Kota Nomor 9 Tahun 2022",
         "Kebutuhan auditor TIK"],
        [("Auditor internal TIK baru dua orang",
          "Mengirim tiga pegawai mengikuti pelatihan audit TIK"),
         ("Jadwal audit aplikasi belum tetap",
          "Menetapkan jadwal audit dua tahunan")],
        [("Usulan pelatihan", "Inspektorat", "September 2024")])


doc("inspektorat/Notulen Reviu Perwali Audit TIK 2024.pdf", "notulen",
    "700.1/NR-05/Inspektorat", "2024-06-20", "Inspektur Daerah", "Notulen "
    "rapat reviu Peraturan Wali Kota tentang Audit TIK",
    [("9", "4", "Bagian B; halaman 1")], notulen_audit,
    note="sengaja kedaluwarsa: lebih tua dari 24 bulan pada 2026-12-31")


def notulen_tim(d):
    return notulen(
        d, "Reviu program kerja Tim Koordinasi SPBE",
        "Sekretaris Daerah selaku koordinator", "Aula Sekretariat Daerah",
        ["seluruh kepala perangkat daerah (13 perangkat daerah)"],
        ["Capaian program kerja tahun 2025",
         "Reviu keputusan Tim Koordinasi SPBE",
         "Program kerja tahun 2026"],
        [("Dua dari dua belas program kerja terlambat satu triwulan",
          "Memantau program kerja setiap bulan"),
         ("Kolaborasi dengan perguruan tinggi belum terjadwal",
          "Menyusun jadwal bersama melalui forum kolaborasi"),
         ("Tugas perangkat daerah kewilayahan belum rinci",
          "Merinci tugas dalam keputusan berikutnya")],
        [("Papan pantau program kerja", "Diskominfo", "Februari 2026"),
         ("Jadwal forum kolaborasi", "Bappeda", "Maret 2026")])


doc("setda/Notulen Rapat.pdf", "notulen", "000.1.5/NR-02/Setda",
    "2026-01-22", SECRETARY, "Notulen rapat reviu program kerja Tim "
    "Koordinasi SPBE",
    [("10", "4", "Bagian B nomor 3; halaman 1"),
     ("19", "4", "Bagian B nomor 1; halaman 1")], notulen_tim,
    covers="cakupan=seluruh_pd")
