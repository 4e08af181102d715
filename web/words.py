"""What pages say to people: Indonesian, polite, to an office and never to a person's fault."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from config import contacts
from models.matters.owing import Item
from models.offices.offices import Contact
from rules import indonesian, quiet, risks
from rules.desk import Channel, Desk
from rules.filing import BY_HAND, Content, Standing, Via
from rules.forms import Doubt
from rules.ladder import paused
from rules.policy import Severity
from rules.quiet import Window
from rules.typed import Fault
from rules.uploads import Does, Proposed, Refused, Why
from services.sheets import BadSheet, Flaw
from web import pages
from web.guards.refusals import Help

FAULTS = {
    Fault.NO_NUMBER: "Mohon ditulis dengan angka bulat saja, misalnya 1.245.",
    Fault.COMMA: "Tanda koma dapat berarti dua hal. Mohon ditulis 1245 atau 1.245.",
    Fault.BELOW_ZERO: "Jumlah tidak dapat kurang dari nol.",
    Fault.TOO_LARGE: "Angkanya terlalu besar.",
    Fault.TOO_LONG: "Terlalu panjang. Mohon dipersingkat.",
    Fault.NO_CHOICE: "Mohon dipilih salah satu.",
    Fault.NO_TROUBLE: (
        "Ditandai untuk dicatat sebagai permasalahan: mohon dipilih Bermasalah atau Perlu perhatian, atau tandanya "
        "dilepas."
    ),
    Fault.NO_DAY: "Mohon tanggalnya ditulis 2024-02-14 atau 14 Februari 2024; 14/02/24 dapat berarti dua hal.",
    Fault.NO_TIME: "Mohon jamnya ditulis setelah tanggal, misalnya 2024-02-14 15.00.",
    Fault.NOT_TICKED: (
        "Rinciannya sudah diisi: mohon Catat sebagai permasalahan diberi tanda, atau rinciannya dihapus."
    ),
    Fault.NO_VILLAGE: "Desa atau kelurahan ini tidak ada di wilayah tersebut. Mohon dipilih dari daftar.",
    Fault.AHEAD: "Waktunya tidak dapat berada di depan.",
    Fault.NOT_AHEAD: "Mohon waktu di depan, paling lama 60 hari lagi. Yang sudah berlangsung dicatat sebagai hasil.",
    Fault.PAST: "Tanggal ini sudah lewat. Yang sudah berjalan tidak diubah.",
    Fault.LONG_AGO: "Mohon diperiksa: waktunya lebih dari 60 hari yang lalu.",
    Fault.NO_SPAN: "Mohon diperiksa: akhirnya sesudah mulai dan belum lewat, paling lama tujuh hari.",
    Fault.MISSING: "Mohon diisi.",
    Fault.EMPTY: "Belum ada yang diisi. Bila memang tidak ada kejadian, mohon gunakan tombol Nihil.",
    Fault.NO_PHOTO: "Berkas ini bukan foto (JPEG, PNG, WebP, HEIC) atau PDF, atau rusak.",
    Fault.FILE_TOO_LARGE: "Berkas ini terlalu besar. Mohon dikirim yang lebih kecil.",
    Fault.TOO_MANY_PIXELS: "Foto ini terlalu besar ukurannya. Mohon dikirim yang lebih kecil.",
    Fault.TOO_MANY_FILES: "Berkasnya terlalu banyak. Mohon dipilih yang terpenting.",
    Fault.NOT_CONFIRMED: "Laporan ini untuk wilayah lain. Mohon diberi tanda bila memang demikian.",
    Fault.NOT_KEPT: "Belum dapat kami simpan karena gangguan pada sistem kami. Isian masih ada: mohon dikirim lagi.",
}

DOUBTS = {
    Doubt.UNEXPLAINED: "Belum ada keterangannya.",
    Doubt.ABOVE_MOST: "Angkanya lebih besar daripada yang biasa.",
    Doubt.NO_SUM: "Jumlahnya berbeda dengan rinciannya.",
}

CONTENTS = {
    Content.NIL: "Nihil",
    Content.FILLED: "Laporan terisi",
    Content.PARTIAL: "Laporan terisi sebagian; selebihnya belum dipantau",
    Content.WITHDRAWN: "Nihil ditarik kembali; laporan ditunggu lagi",
}

SHORT = {
    Content.NIL: "nihil",
    Content.FILLED: "terisi",
    Content.PARTIAL: "terisi sebagian",
    Content.WITHDRAWN: "ditarik kembali",
}
"""What came in, where there is little room."""

HELP = {
    Help.UNKNOWN: (
        "Halaman tidak ditemukan",
        "Alamat ini tidak kami kenal. Bila berasal dari pesan kami, mohon dibuka seluruhnya sampai huruf terakhir.",
    ),
    Help.NO_LINK: (
        "Tautan tidak dapat dibuka",
        (
            "Tautan ini terpotong saat disalin, atau sudah tidak berlaku. Mohon dibuka tautan pada pesan yang terbaru, "
            "seluruhnya sampai huruf terakhir. Isian yang tersimpan di HP ini tidak hilang."
        ),
    ),
    Help.NO_VILLAGE_LINK: (
        "Tautan ini tidak berlaku lagi",
        (
            "Isian yang diminta sudah ditutup, operator desanya sudah diganti, atau tautan ini terpotong saat disalin. "
            "Terima kasih atas bantuannya. Bila masih diminta mengisi, mohon menghubungi Camat."
        ),
    ),
    Help.NO_RECEIPT: (
        "Tanda terima ini tidak kami temukan",
        (
            "Mohon alamatnya dibuka seluruhnya sampai huruf terakhir. Bila tetap tidak ditemukan, tanda terima yang "
            "ada mohon disimpan dan ditunjukkan kepada sekretariat."
        ),
    ),
    Help.LOST_RECEIPT: (
        "Tanda terima ini benar dari kami, tetapi laporannya hilang",
        (
            "Laporan ini sudah pernah kami terima; mohon maaf. Catatan kami dikembalikan ke salinan yang lebih lama, "
            "dan laporannya tidak ada lagi di dalamnya. Mohon dikirim lagi, atau tanda terima ini ditunjukkan kepada "
            "sekretariat untuk dicatat kembali."
        ),
    ),
    Help.NOT_YOURS: (
        "Laporan ini bukan untuk tautan Bapak/Ibu",
        "Tautan hanya berlaku untuk laporan wilayah yang ditangani kantor penerimanya.",
    ),
    Help.FOREIGN: (
        "Isian belum kami terima",
        "Isian ini tidak dikirim dari halaman kami. Mohon dibuka lagi tautan pada pesan, lalu dikirim dari sana.",
    ),
    Help.NOT_YET: (
        "Laporan ini belum dibuka",
        "Masa pengisian laporan ini belum dimulai. Kami akan mengingatkan pada waktunya.",
    ),
    Help.NOT_OWED: (
        "Laporan ini tidak ditunggu lagi",
        "Laporan ini sudah diterima, dikecualikan, atau dibatalkan. Tidak ada yang perlu dilakukan.",
    ),
    Help.STILL_OWED: (
        "Laporan ini masih kami nantikan",
        "Permintaan tadi tidak dapat kami proses. Mohon laporan ini, atau perbaikannya, dikirim dari daftar.",
    ),
    Help.NO_NIL: (
        "Laporan ini perlu diisi",
        "Untuk laporan ini nihil belum cukup. Mohon formulirnya diisi.",
    ),
    Help.OVERTAKEN: (
        "Laporan ini baru saja kami terima",
        (
            "Sejak halaman dibuka, laporan ini sudah masuk dari kantor lain dalam tim atau dari Bapak/Ibu sendiri. "
            "Isian terakhir tidak kami simpan, agar tidak menimpa yang sudah ada."
        ),
    ),
    Help.PROMISED: (
        "Waktu sudah pernah diminta",
        "Untuk satu laporan waktu dapat diminta satu kali. Bila ada kendala, mohon menghubungi sekretariat.",
    ),
    Help.BAD_TIME: (
        "Waktu itu tidak dapat dipakai",
        "Mohon dipilih waktu yang belum lewat dan masih dalam masa penerimaan laporan.",
    ),
    Help.TOO_LATE: (
        "Tidak dapat ditarik lagi",
        (
            "Nihil dapat ditarik kembali dalam sepuluh menit, selama laporannya masih ditunggu. Sesudah itu mohon "
            "dikirim ralat dari daftar."
        ),
    ),
    Help.BAD_FORM: ("Isian tidak terbaca", "Mohon dibuka lagi tautan pada pesan dan diisi sekali lagi."),
    Help.TOO_LARGE: ("Isian terlalu besar", "Mohon keterangannya dipersingkat, lalu dikirim sekali lagi."),
    Help.NO_NOTE: ("Catatan belum diisi", "Mohon ditulis singkat apa yang sudah dilakukan, lalu diselesaikan lagi."),
    Help.TOO_OFTEN: ("Terlalu banyak permintaan", "Mohon ditunggu sebentar, lalu dicoba lagi. Tidak ada yang hilang."),
    Help.WRONG_WAY: ("Tidak dapat dibuka dengan cara ini", "Mohon dibuka tautan pada pesan."),
    Help.SIGNED_OUT: (
        "Mohon masuk dahulu",
        (
            "Halaman ini untuk petugas yang sudah masuk. Demi keamanan, masa masuk berakhir setelah satu jam tanpa "
            "kegiatan, paling lama delapan jam, dan bila pemegang atau alamat jabatan berganti."
        ),
    ),
    Help.NOT_ALLOWED: (
        "Bukan wewenang jabatan ini",
        "Yang dibuka tidak termasuk wewenang jabatan yang sedang masuk. Bila keliru, mohon menghubungi sekretariat.",
    ),
    Help.NO_ROOM: (
        "Foto belum dapat kami terima",
        "Tempat penyimpanan kami sedang penuh. Laporan dapat dikirim tanpa foto; fotonya dapat menyusul lewat ralat.",
    ),
    Help.NO_REASON: (
        "Alasannya belum tertulis",
        "Mohon ditulis dalam beberapa kata, agar dapat dipahami juga oleh yang lain dan di kemudian hari.",
    ),
    Help.CHANGED: (
        "Keadaannya sudah berubah",
        "Sejak halaman dibuka ada yang masuk atau diputuskan. Mohon dilihat sekali lagi; tidak ada yang kami ubah.",
    ),
    Help.NOT_MERGED: (
        "Tidak dapat digabung",
        "Yang digabung hanya dua permasalahan yang terbuka dan dapat Bapak/Ibu baca. Mohon nomornya diperiksa.",
    ),
    Help.NOT_CONFIRMED: (
        "Belum dapat dikonfirmasi",
        "Kantor yang menyatakan selesai tidak mengonfirmasinya sendiri. Mohon dikonfirmasi oleh pelapor atau pimpinan.",
    ),
    Help.BAD_FILES: (
        "Lampiran tidak dapat kami terima",
        "Mohon dikirim foto (JPEG, PNG, HEIC) atau PDF yang tidak terlalu besar dan tidak terlalu banyak.",
    ),
    Help.CLOSED: (
        "Pemilihan ini sudah ditutup",
        (
            "Tugas desk untuk pemilihan ini sudah selesai, sehingga tidak ada lagi yang perlu dilaporkan lewat halaman "
            "ini. Yang sudah kami terima tetap tersimpan. Bila masih ada yang perlu disampaikan, mohon langsung kepada "
            "sekretariat. Terima kasih atas kerja sama Bapak/Ibu."
        ),
    ),
    Help.UNREADABLE: (
        "Data program ini sedang diperbaiki",
        (
            "Untuk sementara halaman ini belum dapat dibuka. Yang sudah kami terima tetap tersimpan, dan selama ini "
            "tidak ada pesan pengingat yang dikirim. Mohon dicoba lagi beberapa saat kemudian."
        ),
    ),
    Help.BROKEN: (
        "Maaf, sedang ada gangguan",
        (
            "Isian terakhir mungkin belum kami terima. Mohon dicoba lagi sebentar: mengirim dua kali tidak menjadi dua "
            "laporan. Nomor tanda terima hanya tampil bila laporan sudah tersimpan."
        ),
    ),
}

KEPT = (
    "Isian Bapak/Ibu kami simpan selama tiga hari, hanya untuk peramban ini dan jabatan yang sama: setelah masuk, atau "
    "setelah tautan yang baru dibuka, isian tampil lagi dan dapat dikirim. Foto dan alamat kontak tidak ikut tersimpan."
)
KEPT_CLOSED = (
    "Isian Bapak/Ibu belum kami terima. Isian itu kami simpan selama tiga hari, hanya untuk peramban ini, dan tampil "
    "lagi bila pemilihan ini dibuka kembali. Mohon isinya disampaikan kepada sekretariat."
)

ASKER = "Camat yang meminta isian"
"""Whom an aide turns to."""
CLOSED_TO_AIDES = (
    "Pemilihan ini sudah ditutup",
    "Isian desa untuk pemilihan ini tidak diperlukan lagi. Terima kasih atas bantuan Bapak/Ibu.",
)
KEPT_BY_AIDES = "Isian yang baru saja dikirim belum kami terima. Bila masih diperlukan, mohon disampaikan kepada Camat."


def help_with(help: Help, *, aide: bool) -> tuple[str, str]:
    """Title and text of the page of help."""
    return CLOSED_TO_AIDES if aide and help is Help.CLOSED else HELP[help]


def kept(help: Help, *, aide: bool = False) -> str:
    """What is said of a form that was refused and kept."""
    if aide and help is Help.CLOSED:
        return KEPT_BY_AIDES
    return KEPT_CLOSED if help is Help.CLOSED else KEPT


DRAFT, DRAFT_WITHOUT_CODE = "Isian untuk {code}", "Isian yang belum terkirim"
DRAFT_FIELD = "Isian"
DRAFT_FIELDS = {
    "text": "Teks",
    "note": "Catatan",
    "reason": "Alasan",
    "name": "Nama",
    "since": "Mulai tanggal",
    "at": "Waktu",
    "title": "Apa yang terjadi",
    "detail": "Uraian",
    "station": "Nomor TPS",
    "affected": "Jumlah orang yang terdampak",
}

BACK = {
    Help.NO_LINK: "Minta tautan baru",
    Help.FOREIGN: "Tampilkan isian saya",
    Help.SIGNED_OUT: "Masuk",
    Help.NOT_ALLOWED: "Kembali ke beranda",
    Help.NO_REASON: "Kembali",
    Help.CHANGED: "Lihat sekali lagi",
}
"""The words on the link of a page of help, where it does not lead back to the list."""

NOBODY_CHOSEN = "Mohon dipilih sedikitnya satu kantor."
NO_CONTACT_NOTE = "Mohon ditulis apa yang berubah, paling banyak 300 huruf."
AIDE_SENT_NOTHING = "Belum ada yang diisi: mohon isi satu angka, atau pilih satu keadaan. Bila tidak ada, tulis 0."
NO_WAY_TO_AIDE = "Mohon diisi nomor HP atau surel."
TOO_MANY_AIDES = "Operator desa untuk kecamatan ini sudah cukup banyak; mohon keluarkan yang tidak membantu lagi."
AIDES_ASKED = "{asked} operator desa kami beri tahu. Isian mereka tampil di halaman ini."
NO_AIDE_ASKED = "Tidak ada yang perlu diberi tahu: semuanya sudah mengisi atau baru saja diminta."
NO_ADVICE = "Mohon ditulis dalam beberapa kata, paling banyak 1.000 huruf."
NO_PLACE = "Mohon ditulis tempatnya."
NO_MOMENT = "Mohon diisi waktu yang belum lewat, paling jauh 60 hari lagi."
ENDS_BEFORE = "Waktu selesai mohon sesudah waktu mulai."
PROMISED = ("Permintaan waktu kami catat", "Sampai {until} tim tidak kami ingatkan. Batas waktu laporan tetap.")
TAKEN_BACK = (
    "Nihil ditarik kembali",
    "Laporan ini kami tunggu lagi. Pernyataan nihil tadi tetap tercatat sebagai ditarik.",
)
BY_MESSAGE = ("Tanda terima kami kirim", "Tanda terima kami kirim lewat pesan ke alamat jabatan yang tercatat.")
SURE = ("Terima kasih", "Jawaban Bapak/Ibu sudah kami catat: tetap nihil.")
NOT_MINE = (
    "Keterangan kami catat",
    "Sekretariat akan memeriksa siapa yang bertugas. Sampai diputuskan, laporan ini tetap ditunggu.",
)
TO_STRANGERS = (
    "Terima kasih. Nomor ini hanya untuk kantor yang terdaftar pada desk. Pesan ini kami teruskan kepada sekretariat. "
    "Untuk hal mendesak mohon menghubungi pengawas pemilu atau polisi setempat."
)
VIAS = {
    Via.LINK: "tautan",
    Via.PHONE: "telepon",
    Via.WHATSAPP: "WhatsApp",
    Via.PAPER: "surat",
    Via.MEETING: "rapat",
    Via.EMAIL: "surel",
    Via.SMS: "SMS",
    Via.DESK: "desk di bawahnya",
}


def state(item: Item, now: datetime) -> str:
    """Where a report stands, without reproach."""
    if item.returned_until is not None:
        return f"Perlu perbaikan sampai {pages.moment(item.returned_until, item.zone)}: {item.asked}"
    if promised_until := paused(now, item.promised_until):
        return f"Waktu diminta sampai {pages.moment(promised_until, item.zone)}."
    if item.extended_until is not None and now < item.extended_until:
        return f"Diperpanjang sampai {pages.moment(item.extended_until, item.zone)}."
    return "Belum kami terima." if item.due_at < now else "Batas waktu belum tiba."


def standing(item: Item, now: datetime, content: str = "") -> str:
    """Where a report stands, for those who keep the books: also neutral, with when it came and its `content`."""
    if item.standing is Standing.RECEIVED and item.received_at is not None:
        came = f"Diterima {pages.short_moment(item.received_at, item.zone)}"
        asked = f" {state(item, now)}" if item.returned_until is not None else ""
        return f"{came}: {content}.{asked}" if content else f"{came}.{asked}"
    if item.standing is Standing.OWED:
        return state(item, now) if item.opens_at <= now else "Belum dibuka."
    return "Dikecualikan." if item.standing is Standing.WAIVED else "Dibatalkan."


INCIDENT = {
    "title": "Apa yang terjadi",
    "category": "Kategori",
    "severity": "Tingkat kerawanan",
    "district": "Wilayah",
    "village": "Desa atau kelurahan",
    "station": "Nomor TPS",
    "affected": "Jumlah orang yang terdampak",
    "at": "Waktu kejadian",
    "detail": "Uraian",
    "files": "Foto",
    "untuk": "Wilayah lain",
    "by": "Dari kantor",
    "via": "Melalui",
    "about": "Tentang jabatan",
}
"""What the fields of an incident are called."""

TRIP = {
    "district": "Wilayah",
    "village": "Desa atau kelurahan",
    "station": "Nomor TPS",
    "place": "Tempat",
    "purpose": "Tujuan kunjungan",
    "at": "Waktu",
    "going": "Yang berkunjung",
    "people": "Jumlah orang yang berkunjung",
    "why": "Alasan",
    "form": "Yang dilihat",
}
"""What the fields of a field trip are called."""
NOTHING_SEEN = "Belum ada yang diisi: mohon pilih satu kondisi, atau tulis satu uraian."
SEVERITIES = {
    Severity.LOW: "Kurang rawan",
    Severity.MEDIUM: "Rawan",
    Severity.HIGH: "Sangat rawan atau mendesak",
}
"""What whoever reports chooses from."""
CAME_BY = "{title} (disampaikan lewat {via}, dicatat oleh {office})"

RECORDING = {
    "by": "Dari kantor",
    "via": "Melalui",
    "at": "Diterima pada",
    "reason": "Alasan baru dicatat",
    "answer": "Isi",
    "text": "Teks laporan",
}
NO_NIL = "Untuk laporan ini nihil belum cukup."
NIL_WITH_FILES = "Nihil dicatat tanpa lampiran: mohon dipilih Teks atau Formulir, atau lampirannya dilepas."
NIL_WITH_WORDS = "Nihil berarti tidak ada yang dilaporkan: mohon dipilih Teks atau Formulir, atau isinya dihapus."
NO_TEXT = "Mohon teksnya diisi, atau dipilih isi yang lain."
NO_REASON = "Diterima pada hari sebelumnya: mohon ditulis mengapa baru dicatat."
AHEAD = "Waktu diterima tidak dapat berada di depan."

SAY_WHY = "Mohon diisi alasannya, paling banyak 300 huruf."
NO_HOURS = "Mohon diisi kedua jamnya, misalnya 21.00 dan 06.00; kosongkan keduanya untuk mengakhirinya."
NO_QUIET_REASON = "Mohon ditulis siapa yang meminta dan mengapa."
SAME_HOURS = "Kedua jamnya sama. Mohon diisi jam yang berbeda; kosongkan keduanya untuk mengakhirinya."
QUIET_TOO_LONG = "Terlalu panjang: paling lama 12 jam, dan setiap hari harus tersisa 4 jam untuk pesan biasa."
NO_NAME = "Mohon diisi nama pemegang jabatan."
NO_ADDRESS = "Mohon diisi nomor atau alamat pengganti."
ERASED = "(nama sudah dihapus)"
DONE = {
    "handover": "Serah terima sudah dicatat.",
    "replace": "Kontak sudah diganti.",
    "confirm": "Kontak dipakai lagi.",
    "holders": "Daftar pemegang jabatan sudah diberlakukan.",
    "revive": "Semua kontak dipakai lagi.",
    "quiet": "Jam tenang sudah dicatat.",
    "roll_call": "Konfirmasi lewat telepon sudah dicatat.",
    "contacts.right": "Terima kasih. Kontak sudah dikonfirmasi.",
    "contacts.changed": "Terima kasih. Sekretariat akan memeriksa dan memperbaruinya.",
    "rearranged": "Perubahan sudah dicatat dan berlaku mulai tanggalnya.",
    "rearranged.back": "Perubahan itu dibatalkan. Yang sudah berlaku tidak berubah.",
    "shift": "Piket sudah dicatat.",
    "shift.note": "Catatan sudah disimpan untuk piket berikutnya.",
    "shift.end": "Piket sudah dibatalkan atau diakhiri. Yang sudah dijalani tetap tersimpan.",
    "aide.name": "Operator desa sudah disimpan. Ia menerima pesan bila diminta dari halaman satu laporan.",
    "aide.out": "Operator desa sudah dikeluarkan, dan tautannya tidak berlaku lagi.",
    "risk": "Tempat rawan sudah dicatat.",
    "risk.end": "Sudah diakhiri. Yang diketahui sebelumnya tetap tersimpan.",
    "appeal.asked": "Permohonan sudah dicatat.",
    "appeal.answered": "Jawaban sudah dicatat.",
    "appeal.withdrawn": "Permohonan sudah ditarik kembali.",
    "package.counts": "Paket sudah diterima dan dihitung.",
    "package.history": "Paket sudah disimpan sebagai riwayat: versi yang lebih baru sudah ada.",
    "package.unowed": "Paket sudah disimpan. Laporannya tidak (lagi) ditunggu, sehingga tidak dihitung.",
    "link": "Tautan lama sudah ditutup. Bila ada laporan yang dinantikan, tautan baru sedang dikirim.",
}
WAYS = {Channel.SMS: "Nomor HP", Channel.WHATSAPP: "Nomor WhatsApp", Channel.EMAIL: "Surel"}
CONTACT_FAULTS = {
    contacts.Why.NO_MAILBOX: "Mohon ditulis satu alamat surel tanpa nama, misalnya nama@instansi.go.id.",
    contacts.Why.EATEN: "Nomor ini sudah dipendekkan oleh lembar kerja. Mohon ditulis lengkap.",
    contacts.Why.PREFIX: "Mohon ditulis nomornya saja, tanpa awalan.",
    contacts.Why.SEVERAL: "Mohon ditulis satu nomor saja, tanpa nomor sambungan.",
    contacts.Why.LETTER: "Ada huruf dalam nomor ini. Mohon diperiksa: O atau 0, l atau 1.",
    contacts.Why.SIGNS: "Mohon ditulis dengan angka 0-9, misalnya 0812 3456 7890.",
    contacts.Why.SHORT: "Terlalu pendek untuk nomor HP.",
    contacts.Why.LONG: "Terlalu panjang untuk satu nomor. Mohon ditulis satu nomor saja.",
    contacts.Why.FIXED_LINE: "Ini nomor telepon tetap, yang tidak menerima pesan. Mohon ditulis nomor HP.",
    contacts.Why.IMPOSSIBLE: "Nomor HP seperti ini tidak ada. Mohon dihitung angkanya: 08 dan 7 sampai 11 angka.",
}


SHEETS = {
    Flaw.TOO_LARGE: "Berkas terlalu besar: paling banyak 1 MB, 2.000 baris, 200 kolom, dan 4.000 huruf per sel.",
    Flaw.NO_TABLE: "Berkas ini bukan tabel yang terbaca. Mohon disimpan sebagai XLSX, atau CSV UTF-8.",
    Flaw.NOT_UTF8: "Berkas CSV ini bukan UTF-8. Mohon disimpan sebagai CSV UTF-8 atau XLSX, agar nama tetap utuh.",
    Flaw.CUT_OFF: "Berkas terpotong. Mohon dikirim seluruhnya.",
    Flaw.NO_COLUMNS: "Ada kolom yang tidak ditemukan",
    Flaw.TWICE: "Ada kolom yang tertulis dua kali",
    Flaw.TOO_MANY_CELLS: "Barisnya lebih panjang daripada judul kolom; mungkin ada koma yang memisahkan angka.",
    Flaw.FORMULA: "Ada rumus. Mohon ditempel sebagai nilai",
    Flaw.BROKEN_CELL: "Ada sel yang rusak, atau angka yang tidak lagi seperti saat diketik",
    Flaw.UNKNOWN_COLUMN: "Judul kolom ini tidak kami kenal, sehingga isinya tidak akan terbaca",
    Flaw.NOT_NOW: "Berkas belum dapat kami baca karena gangguan pada sistem kami. Mohon dikirim lagi.",
}
SHEET_REMEDIES = {
    Flaw.NO_COLUMNS: ". Judul kolom mohon ditulis pada baris pertama, seperti pada templat.",
    Flaw.UNKNOWN_COLUMN: ". Mohon judulnya diganti, atau kolomnya dihapus.",
}
ROWS = {
    Why.UNKNOWN: "nomor laporan ini tidak ada",
    Why.TWICE: "nomor ini sudah ada di baris lain",
    Why.OTHER_AREA: "nomor dan wilayah tidak cocok; mungkin barisnya bergeser",
    Why.NOT_YET: "laporan ini belum dibuka",
    Why.NOT_OWED: "laporan ini dikecualikan atau dibatalkan",
    Why.NO_NIL: "untuk laporan ini nihil belum cukup",
    Why.SEVERAL: "diisi dengan lebih dari satu cara: pilih Nihil, Teks, atau formulir",
    Why.DOUBTFUL: "perlu diperiksa; bila memang benar, isi kolom Penjelasan",
    Why.NO_OFFICE: "kantor ini bukan anggota tim wilayah tersebut",
    Why.NO_WAY: "cara ini tidak dikenal",
    Why.AHEAD: "waktunya tidak dapat berada di depan",
    Why.NOT_ASKED: "laporan ini tidak menanyakan hal ini; mohon selnya dikosongkan",
    Why.NO_REASON: "diterima pada hari sebelumnya: alasan perlu diisi",
}


RISKS = {
    risks.Why.NO_DISTRICT: "wilayah ini tidak dikenal; mohon ditulis namanya atau kodenya",
    risks.Why.NO_VILLAGE: (
        "desa ini tidak dikenal, atau ada beberapa yang bernama sama; mohon ditulis dengan wilayahnya, atau kodenya"
    ),
    risks.Why.NO_STATION: "mohon ditulis satu nomor TPS, misalnya 3; kosong berarti seluruh desa",
    risks.Why.NO_KIND: "kerawanan ini tidak dikenal; mohon ditulis seperti pada daftar, beberapa dengan titik koma",
    risks.Why.TWICE: "tempat dan kerawanan ini sudah ada di baris lain dengan isi yang berbeda",
}
DOES_RISK = {
    risks.Does.ADDS: "dicatat",
    risks.Does.CHANGES: "diperbarui: keterangan, sumber, atau tanggalnya berbeda",
    risks.Does.SAME: "sudah ada, sama persis; tidak berubah",
}


def refused_risk(refused: risks.Refused) -> str:
    """Why a place at risk is not taken."""
    return FAULTS[refused.fault] if refused.fault else RISKS[refused.why]


def does_risk(line: risks.Line) -> str:
    """What a row of the inventory does."""
    if line.refused is None:
        return DOES_RISK[line.does]
    return f"ditolak: kolom {line.refused.column}: {refused_risk(line.refused)}"


def risk(desk: Desk, own: risks.Risk) -> str:
    """One risk of a place, with its source: `TPS 3: rawan banjir (Surat Bawaslu, 12 Februari 2024).`"""
    at = f"TPS {own.key.station}: " if own.key.station else ""
    note = f". {own.note}" if own.note else ""
    source = f"{own.source}, {indonesian.day(own.known_on)}"
    return f"{at}{desk.risks.get(own.key.kind, own.key.kind)}{note} ({source})"


def risk_kinds(desk: Desk, own: Iterable[risks.Risk]) -> str:
    """Why a place is at risk: `Blank spot; Rawan banjir`."""
    return "; ".join(desk.risks.get(risk.key.kind, risk.key.kind) for risk in own)


def bad_sheet(error: BadSheet) -> str:
    """Why a file cannot be read, with the row."""
    about = f" ({error.about})" if error.about else ""
    remedy = f". Apakah maksudnya {error.meant}?" if error.meant else SHEET_REMEDIES.get(error.flaw, "")
    return (f"Baris {error.row}: " if error.row else "") + SHEETS[error.flaw] + about + remedy


def does(line: Proposed) -> str:
    """What a row of an upload does."""
    if line.refused is not None:
        return f"ditolak: {_refused(line.refused)}"
    if line.does is Does.SAME:
        return "sudah ada, sama persis; tidak berubah"
    does = "laporan baru" if line.does is Does.FILES else f"ralat, menjadi versi {line.version}"
    return f"{does}; permasalahan: {line.problems}" if line.problems else does


def _refused(refused: Refused) -> str:
    column = f"kolom {refused.column}: " if refused.column else ""
    return column + (FAULTS[refused.fault] if refused.fault else ROWS[refused.why])


def ways() -> list[str]:
    """How a report may have come, other than by link."""
    return [name for via, name in VIAS.items() if via in BY_HAND]


def due(item: Item) -> str:
    """A due time for a cell: `2024-02-14 15.00 WITA`."""
    return f"{item.due_at.astimezone(ZoneInfo(item.zone)):%Y-%m-%d} {indonesian.clock(item.due_at, item.zone)}"


def contact_fault(channel: Channel, why: str) -> str:
    """Why an address is not taken; the address itself is not repeated."""
    known = {fault.value: text for fault, text in CONTACT_FAULTS.items()}
    general = contacts.Why.NO_MAILBOX if channel is Channel.EMAIL else contacts.Why.SIGNS
    return known.get(why, known[general.value])


def handing_over(channels: Mapping[Channel, str]) -> dict[str, str]:
    """What the fields of a handover are called."""
    named = {f"new.{channel}": f"{name} baru" for channel, name in channels.items()}
    named |= {f"to.{channel}": f"{name} pengganti" for channel, name in channels.items()}
    named |= {"quiet.from": "Jam tenang", "quiet.until": "Jam tenang", "reason": "Alasan jam tenang"}
    return named | {"name": "Nama pemegang baru", "kind": "Sebagai", "since": "Tanggal", "until": "Sampai tanggal"}


def peace(policies: Iterable[Sequence[Window]], by_file: str, by_wish: str) -> list[str]:
    """When an office is left in peace: everybody's hours, its own, and what goes at any time all the same."""
    everybodys = dict.fromkeys(window for windows in policies for window in windows)
    told = [f"Pesan biasa tidak dikirim {', '.join(map(_hours, everybodys))}."] if everybodys else []
    for text, whose in ((by_file, "ketentuan kantor ini"), (by_wish, "permintaan pemegang jabatan")):
        if window := quiet.read(text):
            told.append(f"SMS dan WhatsApp biasa ke sini juga tidak dikirim {_hours(window)} ({whose}).")
    return [*told, "Yang mendesak, seperti permasalahan sangat rawan, tetap dikirim kapan saja."] if told else []


def _hours(window: Window) -> str:
    days = indonesian.listed([indonesian.DAYS[day] for day in sorted(window.weekdays)])
    return f"{days} pukul".strip() + f" {window.start:%H.%M}-{window.end:%H.%M}"


def contact(own: Contact, *, stale: bool) -> str:
    """What is to be known of a contact; empty: nothing, it is in order."""
    if own.withdrawn_at is not None and own.state is Contact.State.DEAD:
        return "ditarik: penerimanya menyatakan bukan ia pemegangnya"
    if own.state is Contact.State.DEAD:
        return "tidak dapat digunakan"
    if own.unconfirmed:
        return "baru, belum dikonfirmasi"
    return "lama tidak dikonfirmasi" if stale else ""
