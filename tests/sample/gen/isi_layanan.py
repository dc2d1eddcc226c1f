"""Indicators 32 to 47: services, shown by manuals and screens."""

from daftar import doc
from isi_tatakelola import KOMINFO
from layar import screen
from naskah import laporan, manual, notulen
from raster import jpeg, png
from xlsx import xlsx

FULL = "fungsi=informasi|interaksi|transaksi"
SITE = "https://layanan.kota-contoh.example/"


def chapters(inform, interact, transact):
    return [("Informasi", inform), ("Interaksi: cari, unggah, unduh",
                                    interact),
            ("Transaksi: alur kerja dan persetujuan", transact)]


def book(file, number, date, signer, app, path, users, links, parts,
         **more):
    doc(file, "manual", number, date, signer, f"Buku manual pengguna {app}",
        links, lambda d: manual(d, app, path, users, parts),
        covers=FULL, **more)


book("bappeda/Buku Manual SIRENA.pdf", "000.7/MN-01/Bappeda", "2025-02-24",
     "Kepala Bappeda", "SIRENA - Perencanaan Kota Contoh", "sirena",
     "perencana seluruh perangkat daerah",
     [("32", "1 2 3", "bab 2 sampai 4; halaman 2")],
     chapters(["Buka menu Dokumen untuk membaca RPJMD, RKPD, dan renja."],
              ["Cari usulan menurut kelurahan atau kata kunci.",
               "Unggah kerangka acuan dan unduh rancangan renja."],
              ["Kirim usulan; sistem memeriksa pagu dan kode kegiatan.",
               "Kepala bidang menyetujui atau mengembalikan.",
               "Dasbor menampilkan jumlah usulan tiap tahap."]))

book("bpkad/Manual Keuangan Daerah Terpadu.pdf", "900.1/MN-02/BPKAD",
     "2025-03-10", "Kepala BPKAD", "Keuangan Daerah Terpadu", "keuangan",
     "bendahara, penyusun anggaran, dan pengurus barang",
     [("33", "1 2 3", "bab 2 sampai 4 modul Anggaran; halaman 2"),
      ("34", "1 2 3", "bab 2 sampai 4 modul Keuangan; halaman 2")],
     chapters(["Modul Anggaran: tayangan RKA dan DPA tiap perangkat daerah.",
               "Modul Keuangan: tayangan realisasi harian."],
              ["Modul Anggaran: cari kode rekening, unggah rincian, unduh "
               "DPA.",
               "Modul Keuangan: cari surat perintah, unduh buku kas."],
              ["Modul Anggaran: pengajuan RKA, validasi pagu, persetujuan "
               "bertingkat.",
               "Modul Keuangan: penerbitan surat perintah pencairan dengan "
               "persetujuan elektronik dan rekonsiliasi otomatis."]))

doc("bpkad/Screenshot.png", "tangkapan_layar", "", "2026-06-03",
    "Kepala BPKAD", "Tangkapan layar modul Aset: persetujuan penghapusan "
    "barang", [("38", "1 2 3", "daftar barang dan tombol persetujuan")],
    lambda d: png(screen(
        d, "Keuangan Daerah Terpadu - Aset", "keuangan/aset/penghapusan", [
            "Aset", "Ruangan", "Mutasi", "Penghapusan", "Cari"],
        "Usulan penghapusan barang milik daerah", [
            "Kode", "Barang", "Nilai", "Status"],
        [["1.3.2.05.01", "Meja kerja", "1.200.000", "Disetujui"],
         ["1.3.2.10.02", "Komputer", "7.450.000", "Menunggu"],
         ["1.3.2.06.11", "Kipas angin", "310.000", "Disetujui"],
         ["1.3.2.10.07", "Pencetak", "2.900.000", "Verifikasi"],
         ["1.3.2.02.04", "Sepeda motor", "4.000.000", "Disetujui"]],
        [4, 4, 3, 3], ["Setujui", "Kembalikan", "Unduh daftar"])),
    covers=FULL)

book("bagian-pbj/Manual Pengadaan Lokal.pdf", "000.3/MN-01/PBJ",
     "2025-05-19", "Kepala Bagian Pengadaan Barang dan Jasa",
     "Pengadaan Lokal Kota Contoh", "pengadaan",
     "pejabat pengadaan dan penyedia",
     [("35", "1 2 3", "bab 2 sampai 4; halaman 2")],
     chapters(["Baca rencana umum pengadaan dan pengumuman paket."],
              ["Cari paket; unduh dokumen; unggah penawaran."],
              ["Evaluasi, negosiasi, dan penetapan penyedia berurutan.",
               "Persetujuan pejabat tercatat dengan waktu dan alasan."]))

book("bkpsdm/Manual SIMPEG Contoh.pdf", "800.1/MN-01/BKPSDM", "2024-11-04",
     "Kepala BKPSDM", "SIMPEG Contoh - Kepegawaian", "simpeg",
     "seluruh pegawai", [("36", "1 2 3", "bab 2 sampai 4; halaman 2")],
     chapters(["Baca pengumuman mutasi dan daftar jabatan."],
              ["Cari riwayat sendiri; unggah berkas; unduh keputusan."],
              ["Ajukan cuti, kenaikan pangkat, atau pensiun.",
               "Atasan dan BKPSDM menyetujui; status tampil setiap saat."]))

doc("disarpus/Manual Arsipku – Kearsipan Dinamis.pdf", "manual",
    "000.5.1/MN-01/Disarpus", "2025-01-20",
    "Kepala Dinas Kearsipan dan Perpustakaan",
    "Buku manual pengguna Arsipku – Kearsipan Dinamis",
    [("37", "1 2", "bab 2 dan 3; halaman 2")],
    lambda d: manual(
        d, "Arsipku – Kearsipan Dinamis", "arsipku", "arsiparis",
        chapters(["Baca jadwal retensi dan klasifikasi arsip."],
                 ["Cari arsip menurut kode; unggah naskah; unduh salinan."],
                 ["Belum tersedia; direncanakan tahun 2027."])),
    covers="fungsi=informasi|interaksi")

doc("inspektorat/Screenshot e-Wasin.jpg", "tangkapan_layar", "",
    "2026-05-25", "Inspektur Daerah", "Tangkapan layar e-Wasin: pemantauan "
    "tindak lanjut pengawasan", [("39", "1 2 3", "daftar temuan")],
    lambda d: jpeg(screen(
        d, "e-Wasin", "e-wasin/tindak-lanjut", ["Temuan", "Jadwal", "Cari"],
        "Tindak lanjut temuan", ["Nomor", "Temuan", "Status"],
        [["LHA-02/1", "Catatan aplikasi", "Diproses"],
         ["LHA-07/2", "Label kabel", "Selesai"],
         ["LHA-07/3", "Uji daya", "Disetujui"]], [3, 5, 3],
        ["Unggah", "Setujui"], size=(400, 216)), 22),
    covers=FULL, klass="terbatas")

book("bagian-organisasi/Manual e-Kinerja Modul SAKIP dan SKP.pdf",
     "000.8.6/MN-01/Organisasi", "2025-07-07", "Kepala Bagian Organisasi",
     "e-Kinerja Kota Contoh", "e-kinerja",
     "seluruh perangkat daerah dan pegawai",
     [("40", "1 2 3", "bab 2 sampai 4 modul SAKIP; halaman 2"),
      ("41", "1 2 3", "bab 2 sampai 4 modul SKP; halaman 2")],
     chapters(["Modul SAKIP: tayangan perjanjian dan laporan kinerja.",
               "Modul SKP: tayangan sasaran kinerja pegawai."],
              ["Modul SAKIP: unggah bukti capaian, unduh laporan.",
               "Modul SKP: cari kegiatan, unggah bukti harian."],
              ["Modul SAKIP: capaian triwulan diperiksa dan disetujui "
               "kepala perangkat daerah.",
               "Modul SKP: penilaian atasan, keberatan, dan penetapan nilai "
               "berurutan."]))

book("diskominfo/Manual Lapor Contoh.pdf", "000.5.6/MN-03/Diskominfo",
     "2025-04-14", KOMINFO, "Lapor Contoh - Pengaduan Warga", "lapor",
     "warga dan admin pengaduan tiap perangkat daerah",
     [("42", "1 2 3", "bab 2 sampai 4; halaman 2")],
     chapters(["Baca daftar pengaduan umum dan status penanganan."],
              ["Cari pengaduan; unggah foto; unduh bukti lapor."],
              ["Pengaduan diteruskan otomatis menurut lokasi dan jenis.",
               "Admin memberi jawaban; pelapor menyetujui penutupan."]))

doc("diskominfo/Screenshot Portal Data Terbuka.png", "tangkapan_layar", "",
    "2026-06-10", KOMINFO, "Tangkapan layar Portal Data Terbuka Kota Contoh",
    [("43", "1 2 3", "daftar himpunan data, tombol unduh, permintaan data")],
    lambda d: png(screen(
        d, "Data Terbuka Kota Contoh", "data/himpunan", [
            "Himpunan", "Topik", "Visual", "Permintaan", "API"],
        "Himpunan data terbaru (118 himpunan)", [
            "Himpunan data", "Produsen", "Unduhan", "Permintaan"],
        [["Puskesmas menurut wilayah", "Dinkes", "412", "Selesai"],
         ["Penduduk menurut umur", "Dukcapil", "980", "Selesai"],
         ["Izin terbit tiap bulan", "DPMPTSP", "655", "Diproses"],
         ["Ruang terbuka hijau", "Bappeda", "204", "Disetujui"],
         ["Anggaran tiap urusan", "BPKAD", "377", "Selesai"]], [5, 3, 2, 3],
        ["Unduh CSV", "Minta data", "Unggah data"])), covers=FULL)

book("bagian-hukum/Manual JDIH.pdf", "100.3/MN-01/Hukum", "2025-06-23",
     "Kepala Bagian Hukum", "JDIH Kota Contoh", "jdih",
     "warga dan pengelola produk hukum",
     [("44", "1 2 3", "bab 2 sampai 4; halaman 2")],
     chapters(["Baca produk hukum menurut tahun dan jenis."],
              ["Cari pasal; unduh naskah; unggah produk hukum."],
              ["Rancangan produk hukum diajukan perangkat daerah.",
               "Telaah, harmonisasi, dan persetujuan berurutan sampai "
               "pengundangan."]))

doc("dinkes/Screenshot Antre Sehat.jpg", "tangkapan_layar", "", "2026-04-27",
    "Kepala Dinas Kesehatan", "Tangkapan layar Antre Sehat: pendaftaran "
    "antrean puskesmas (data uji)", [("45", "1 2 3", "daftar antrean")],
    lambda d: jpeg(screen(
        d, "Antre Sehat", "antre-sehat/hari-ini", ["Antrean", "Poli",
                                                   "Jadwal"],
        "Antrean Puskesmas Contoh Utara", ["No", "Poli", "Status"],
        [["A-01", "Umum", "Selesai"], ["A-02", "Gigi", "Diproses"],
         ["A-03", "Umum", "Menunggu"]], [2, 4, 3], ["Daftar", "Batalkan"],
        size=(400, 216)), 22), covers=FULL)

doc("disdukcapil/Screenshot.jpg", "tangkapan_layar", "", "2026-04-29",
    "Kepala Disdukcapil", "Tangkapan layar Dukcapil Daring: permohonan akta "
    "(data uji)", [("46", "1 2 3", "daftar permohonan")],
    lambda d: jpeg(screen(
        d, "Dukcapil Daring", "dukcapil/permohonan", ["Permohonan", "Syarat",
                                                      "Lacak"],
        "Permohonan saya", ["Nomor", "Jenis", "Status"],
        [["DK-0411", "Akta lahir", "Terbit"],
         ["DK-0412", "Kartu keluarga", "Verifikasi"],
         ["DK-0413", "Pindah", "Disetujui"]], [3, 4, 3],
        ["Ajukan", "Unduh"], size=(400, 216)), 22), covers=FULL)

book("dpmptsp/Manual Izin Contoh.pdf", "500.16/MN-01/DPMPTSP", "2025-08-04",
     "Kepala DPMPTSP", "Izin Contoh - Perizinan Daring", "izin",
     "pelaku usaha dan petugas perizinan",
     [("47", "1 2 3", "bab 2 sampai 4; halaman 2")],
     chapters(["Baca jenis izin, syarat, dan lama penyelesaian."],
              ["Cari izin; unggah syarat; unduh izin yang terbit."],
              ["Permohonan diperiksa otomatis lalu disetujui bertingkat.",
               "Izin terbit dengan kode pindai; tunggakan dipantau "
               "dasbor."]))


# -- collaboration between services -------------------------------------------

APIS = (
    ("Perencanaan", "sirena/v1/kegiatan", "Anggaran", "32 33"),
    ("Anggaran", "keuangan/v1/pagu", "Perencanaan, Pengadaan", "33 35"),
    ("Keuangan", "keuangan/v1/realisasi", "e-Kinerja", "34 40"),
    ("Pengadaan", "pengadaan/v1/paket", "Keuangan", "35 34"),
    ("Kepegawaian", "simpeg/v2/jabatan", "e-Kinerja, Lapor Contoh", "36 41"),
    ("Kinerja", "e-kinerja/v1/capaian", "Perencanaan", "40 32"),
    ("Kependudukan", "dukcapil/v1/cek", "Antre Sehat, Izin Contoh", "46 45"),
    ("Data terbuka", "data/v1/himpunan", "Portal data nasional", "43"))


def api_list(d):
    rows = [["Daftar API Sistem Penghubung Layanan Kota Contoh"],
            ["No", "Layanan", "Alamat", "Dipakai oleh", "Indikator",
             "Panggilan/hari", "Keadaan"]]
    for i, (name, path, users, marks) in enumerate(APIS, 1):
        rows.append([i, name, f"{SITE}api/{path}", users, marks,
                     300 + i * 617 % 4100, "aktif"])
    return xlsx(d["title"], "Diskominfo Kota Contoh", d["date"],
                [("Daftar API", [5, 16, 56, 28, 12, 16, 10], 2, rows)])


doc("diskominfo/Daftar API Sistem Penghubung Layanan.xlsx", "daftar_api",
    "000.5.6/DA-02/Diskominfo", "2026-01-19", KOMINFO,
    "Daftar API Sistem Penghubung Layanan Kota Contoh",
    [("18", "3", "lembar Daftar API"),
     ("32", "4", "lembar Daftar API baris 1 dan 6"),
     ("33", "4", "lembar Daftar API baris 2"),
     ("34", "4", "lembar Daftar API baris 3"),
     ("35", "4", "lembar Daftar API baris 4"),
     ("36 41", "4", "lembar Daftar API baris 5"),
     ("40", "4", "lembar Daftar API baris 6"),
     ("45 46", "4", "lembar Daftar API baris 7")],
    api_list, covers="cakupan=seluruh_pd|antarinstansi;fungsi=kolaborasi")

doc("diskominfo/Diagram Arsitektur Integrasi Layanan Publik.pdf",
    "diagram_arsitektur", "000.5.6/DG-01/Diskominfo", "2025-10-20", KOMINFO,
    "Diagram arsitektur integrasi layanan publik Kota Contoh",
    [("42", "4", "kotak Lapor Contoh; halaman 1"),
     ("43", "4", "kotak Data Terbuka; halaman 1"),
     ("44", "4", "kotak JDIH; halaman 1"),
     ("47", "4", "kotak Izin Contoh; halaman 1")],
    lambda d: laporan(
        d, "Diagram Arsitektur Integrasi Layanan Publik", [
            ("Diagram", [("boxes", [
                ["Portal layanan Kota Contoh"],
                ["Lapor Contoh", "Data Terbuka", "JDIH", "Izin Contoh"],
                ["Sistem penghubung layanan"],
                ["Pengaduan nasional", "Portal data nasional",
                 "JDIH nasional", "Perizinan nasional"]])]),
            ("Keterangan", [([26, 40, 34], ["Layanan", "Bertukar data "
                                            "dengan", "Cara"], [
                ["Lapor Contoh", "Pengaduan nasional, SIMPEG Contoh",
                 "API dua arah"],
                ["Data Terbuka", "Portal data nasional", "panen harian"],
                ["JDIH", "JDIH nasional, Arsipku", "API satu arah"],
                ["Izin Contoh", "Perizinan nasional, Dukcapil Daring",
                 "API dua arah"]])])], cover=False),
    covers="fungsi=kolaborasi;cakupan=antarinstansi")

doc("dpmptsp/Bukti Integrasi Perizinan.jpg", "bukti_integrasi",
    "500.16/BA-09/DPMPTSP", "2026-03-05", "Kepala DPMPTSP", "Tangkapan layar "
    "integrasi Izin Contoh dengan perizinan nasional",
    [("47", "4", "baris 1 sampai 3")],
    lambda d: jpeg(screen(
        d, "Izin Contoh", "izin/integrasi/log", ["Integrasi", "Log"],
        "Catatan pertukaran data", ["Waktu", "Tujuan", "Kode"],
        [["09.02", "Perizinan nasional", "200"],
         ["09.05", "Dukcapil Daring", "200"],
         ["09.11", "Perizinan nasional", "200"]], [2, 5, 2],
        size=(400, 200)), 22),
    covers="fungsi=kolaborasi;cakupan=antarinstansi")


# -- reviews and what followed ------------------------------------------------

doc("diskominfo/Laporan Reviu Layanan Publik 2025.pdf", "laporan_reviu",
    "000.5.6/2150/Diskominfo", "2025-11-11", KOMINFO,
    "Laporan Reviu Layanan Publik Berbasis Elektronik Tahun 2025",
    [("42", "5", "Bagian B nomor 1; halaman 1"),
     ("44", "5", "Bagian B nomor 2; halaman 1"),
     ("47", "5", "Bagian B nomor 3; halaman 1")],
    lambda d: laporan(
        d, "Laporan Reviu Layanan Publik Tahun 2025", [
            ("Pelaksanaan", ["Reviu membahas perubahan aturan, teknologi, "
                             "dan kebutuhan warga atas layanan pengaduan, "
                             "JDIH, dan perizinan."]),
            ("Isu", [([5, 24, 66], ["No", "Layanan", "Isu"], [
                ["1", "Lapor Contoh", "Warga tidak menerima pemberitahuan "
                 "lewat pesan singkat"],
                ["2", "JDIH", "Pencarian isi naskah pindaian tidak "
                 "berjalan"],
                ["3", "Izin Contoh", "Pelaku usaha mikro kesulitan "
                 "mengunggah syarat"]])])],
        ["Menambah pemberitahuan pesan singkat pada Lapor Contoh.",
         "Mengolah ulang 1.240 naskah JDIH agar dapat dicari.",
         "Menyederhanakan syarat izin usaha mikro menjadi satu "
         "formulir."], cover=False),
    covers="cakupan=seluruh_pd")

doc("diskominfo/Tindak Lanjut Reviu Lapor Contoh.pdf", "tindak_lanjut",
    "000.5.6/388/Diskominfo", "2026-03-23", KOMINFO,
    "Laporan tindak lanjut reviu layanan pengaduan Lapor Contoh",
    [("42", "5", "Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Laporan Tindak Lanjut Reviu Lapor Contoh", [
            ("Dasar", ["Rekomendasi nomor 1 Laporan Reviu Layanan Publik "
                       "Tahun 2025 nomor 000.5.6/2150/Diskominfo."]),
            ("Keadaan sebelum dan sesudah", [(
                [5, 40, 25, 25], ["No", "Ukuran", "Sebelum", "Sesudah"], [
                    ["1", "Pemberitahuan", "surel", "surel dan pesan "
                     "singkat"],
                    ["2", "Lama jawaban pertama", "3 hari", "1 hari"],
                    ["3", "Pengaduan selesai", "81 persen",
                     "93 persen"]])])], cover=False))

doc("bagian-hukum/Notulen Tindak Lanjut Reviu JDIH.pdf", "tindak_lanjut",
    "100.3/NR-04/Hukum", "2026-02-11", "Kepala Bagian Hukum",
    "Notulen tindak lanjut reviu layanan JDIH",
    [("44", "5", "Bagian B dan Bagian C; halaman 1")],
    lambda d: notulen(
        d, "Tindak lanjut reviu layanan JDIH", "Kepala Bagian Hukum",
        "Ruang Rapat Bagian Hukum",
        ["Dinas Komunikasi dan Informatika", "Disarpus"],
        ["Hasil pengolahan ulang naskah", "Peluncuran pencarian isi"],
        [("1.240 naskah pindaian selesai diolah ulang",
          "Pencarian isi dibuka untuk umum mulai 16 Februari 2026"),
         ("Tiga naskah rusak", "Meminta salinan dari Arsipku")],
        [("Peluncuran pencarian isi", "Diskominfo", "16 Februari 2026")]))

doc("dpmptsp/Résumé Survei Kepuasan Pengguna – Izin Contoh.pdf", "survei",
    "500.16/SV-02/DPMPTSP", "2026-05-18", "Kepala DPMPTSP",
    "Résumé survei kepuasan pengguna Izin Contoh semester I 2026",
    [("47", "5", "Bagian B; halaman 1")],
    lambda d: laporan(
        d, "Résumé Survei Kepuasan Pengguna Izin Contoh", [
            ("Cara", ["Survei daring kepada 412 pelaku usaha, 4 sampai 15 "
                      "Mei 2026, setelah syarat izin usaha mikro "
                      "disederhanakan."]),
            ("Hasil", [([5, 46, 22, 22], ["No", "Unsur", "Mei 2025",
                                          "Mei 2026"], [
                ["1", "Kemudahan syarat", "3,1", "4,4"],
                ["2", "Kecepatan", "3,4", "4,3"],
                ["3", "Kejelasan biaya", "4,0", "4,6"],
                ["4", "Nilai keseluruhan", "3,5", "4,4"]])])], cover=False))
