"""What the city claims (level and analysis) and which unit leads."""

# indicator: (leading unit, claimed level, analysis)
CLAIMS = {
    1: ("diskominfo", 5, "Kebijakan memuat enam domain dan integrasi "
        "antarinstansi, direviu 2025, lalu diubah dengan Perwali 12/2026."),
    2: ("diskominfo", 5, "Kebijakan memuat seluruh muatan peta rencana, "
        "selaras nasional, direviu 2025, lalu diubah 2026."),
    3: ("diskominfo", 4, "Seluruh rangkaian pengelolaan data diatur dan "
        "kebijakan direviu Oktober 2025."),
    4: ("diskominfo", 5, "Siklus, konsultasi, dan pengendalian aplikasi "
        "diatur, direviu, lalu disempurnakan 2026."),
    5: ("diskominfo", 4, "Berlaku bagi seluruh perangkat daerah, mengatur "
        "hubungan ke Pusat Data Nasional, dan direviu 2025."),
    6: ("diskominfo", 4, "Berlaku bagi seluruh perangkat daerah, mengatur "
        "hubungan ke Jaringan Intra Pemerintah, dan direviu 2025."),
    7: ("diskominfo", 3, "Berlaku bagi seluruh perangkat daerah; reviu "
        "kebijakan penghubung layanan belum dilakukan."),
    8: ("diskominfo", 4, "Seluruh cakupan keamanan informasi diatur bagi "
        "seluruh perangkat daerah dan direviu Juli 2025."),
    9: ("inspektorat", 4, "Ketiga jenis audit diatur; reviu dilakukan "
        "dengan notulen 20 Juni 2024."),
    10: ("setda", 4, "Tugas tim menjangkau seluruh perangkat daerah dan "
         "koordinasi antarinstansi; direviu Januari 2026."),
    11: ("diskominfo", 4, "Dokumen mencakup enam domain, selaras dengan "
         "arsitektur nasional, dan direviu 2025."),
    12: ("bappeda", 4, "Dokumen lengkap, dijalankan lewat RKA 2024 sampai "
         "2026, dan direviu 2025."),
    13: ("bappeda", 3, "Seluruh rencana dan anggaran SPBE dikonsultasikan "
         "ke unit pengelola TIK menurut SOP."),
    14: ("bagian-organisasi", 3, "Peta proses bisnis ditetapkan dan proses "
         "penerbitan izin sudah diringkas."),
    15: ("diskominfo", 4, "Pembangunan mengikuti siklus, dikonsultasikan, "
         "dikendalikan unit TIK, dan direviu 2025."),
    16: ("diskominfo", 4, "Dipakai seluruh perangkat daerah, terhubung "
         "dengan PDN, dan direviu 2025."),
    17: ("diskominfo", 5, "Dipakai seluruh perangkat daerah, terhubung "
         "dengan JIP, direviu 2025, dan diperbaiki 2026."),
    18: ("diskominfo", 3, "Dipakai seluruh perangkat daerah; integrasi "
         "dengan penghubung nasional belum dibuktikan."),
    19: ("setda", 4, "Seluruh program kerja terlaksana, dikoordinasikan ke "
         "seluruh perangkat daerah, dan direviu 2026."),
    20: ("setda", 3, "Kolaborasi dijalankan forum formal dengan sidang "
         "rutin, belum di seluruh perangkat daerah."),
    21: ("inspektorat", 3, "Manajemen risiko dilaksanakan menurut pedoman "
         "dengan pakta integritas pemilik risiko."),
    22: ("diskominfo", 4, "Pengendalian berjalan di seluruh perangkat "
         "daerah menurut strategi Tim Koordinasi dan direviu 2025."),
    23: ("bappeda", 4, "Manajemen data mengikuti pedoman dan strategi Forum "
         "Satu Data serta direviu 2025."),
    24: ("diskominfo", 2, "Program tercantum dalam peta rencana; pedoman "
         "siklus aset belum ada."),
    25: ("bkpsdm", 3, "Enam bidang kompetensi terpenuhi; penilaian "
         "kompetensi dijadwalkan 2027."),
    26: ("bkpsdm", 2, "Program terencana; pedoman dan aplikasi berbagi "
         "pengetahuan belum ada."),
    27: ("bkpsdm", 3, "Dilaksanakan seluruh perangkat daerah sesuai pedoman "
         "yang dilampirkan."),
    28: ("diskominfo", 4, "Pelayanan pengguna dan pengoperasian layanan "
         "memakai aplikasi meja layanan dan direviu 2025."),
    29: ("inspektorat", 3, "Audit infrastruktur 2025 dilakukan tim auditor "
         "internal."),
    30: ("inspektorat", 3, "Audit aplikasi 2026 mengikuti standar dan "
         "dilakukan auditor internal yang ditugaskan."),
    31: ("inspektorat", 4, "Audit keamanan 2025 dilakukan auditor eksternal "
         "bersertifikat."),
    32: ("bappeda", 4, "SIRENA melayani transaksi dan bertukar data dengan "
         "anggaran dan kinerja."),
    33: ("bpkad", 4, "Modul Anggaran melayani transaksi dan bertukar data "
         "dengan perencanaan."),
    34: ("bpkad", 4, "Modul Keuangan melayani transaksi dan bertukar data "
         "dengan kinerja dan pengadaan."),
    35: ("bagian-pbj", 4, "Pengadaan melayani transaksi dan bertukar data "
         "dengan keuangan."),
    36: ("bkpsdm", 4, "SIMPEG melayani transaksi dan bertukar data dengan "
         "kinerja pegawai."),
    37: ("disarpus", 3, "Arsipku menyediakan informasi dan interaksi; "
         "transaksi direncanakan."),
    38: ("bpkad", 3, "Modul Aset melayani usulan dan persetujuan "
         "penghapusan."),
    39: ("inspektorat", 3, "e-Wasin melayani unggah bukti dan persetujuan "
         "tindak lanjut."),
    40: ("bagian-organisasi", 4, "Modul SAKIP melayani transaksi dan "
         "bertukar data dengan perencanaan dan keuangan."),
    41: ("bkpsdm", 4, "Modul SKP melayani transaksi dan bertukar data "
         "dengan kepegawaian."),
    42: ("diskominfo", 5, "Lapor Contoh berkolaborasi dengan pengaduan "
         "nasional, direviu 2025, dan diperbaiki 2026."),
    43: ("diskominfo", 4, "Portal Data Terbuka melayani permintaan data dan "
         "dipanen portal data nasional."),
    44: ("bagian-hukum", 5, "JDIH berkolaborasi dengan JDIH nasional, "
         "direviu 2025, dan diperbaiki 2026."),
    45: ("dinkes", 4, "Sektor kesehatan: Antre Sehat melayani pendaftaran "
         "dan memakai data kependudukan."),
    46: ("disdukcapil", 4, "Sektor kependudukan: Dukcapil Daring melayani "
         "permohonan dan membagikan data."),
    47: ("dpmptsp", 5, "Sektor perizinan: Izin Contoh terhubung perizinan "
         "nasional, direviu 2025, dan diperbaiki."),
}

# where the evidence supports less than is claimed: level, visible reason
SHORT = {
    9: (3, "notulen reviu 2024-06-20 lebih tua dari 24 bulan"),
    29: (2, "SK tim auditor masih rancangan: tanpa nomor, tanggal, "
         "penanda tangan"),
    37: (2, "manual tidak menunjukkan fungsi transaksi"),
}
