"""What pages say to people: Indonesian, polite, to an office and never to a person's fault."""

from datetime import datetime

from models.owing import Item
from rules.filing import Content, Via
from rules.forms import Doubt
from rules.typed import Fault
from web import pages
from web.refusals import Help

FAULTS = {
    Fault.NO_NUMBER: "Mohon ditulis dengan angka bulat saja, misalnya 1.245.",
    Fault.COMMA: "Tanda koma dapat berarti dua hal. Mohon ditulis 1245 atau 1.245.",
    Fault.BELOW_ZERO: "Jumlah tidak dapat kurang dari nol.",
    Fault.TOO_LARGE: "Angkanya terlalu besar.",
    Fault.TOO_LONG: "Terlalu panjang. Mohon dipersingkat.",
    Fault.NO_CHOICE: "Mohon dipilih salah satu.",
    Fault.EMPTY: "Belum ada yang diisi. Bila memang tidak ada kejadian, mohon gunakan tombol Nihil.",
    Fault.NO_PHOTO: "Berkas ini bukan foto (JPEG, PNG, WebP) atau PDF, atau rusak.",
    Fault.FILE_TOO_LARGE: "Berkas ini terlalu besar. Mohon dikirim yang lebih kecil.",
    Fault.TOO_MANY_PIXELS: "Foto ini terlalu besar ukurannya. Mohon dikirim yang lebih kecil.",
    Fault.TOO_MANY_FILES: "Berkasnya terlalu banyak. Mohon dipilih yang terpenting.",
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
}

HELP = {
    Help.UNKNOWN: (
        "Tautan tidak dapat dibuka",
        (
            "Tautan ini tidak kami kenal, terpotong saat disalin, atau sudah tidak berlaku. Mohon dibuka tautan pada "
            "pesan yang terbaru, seluruhnya sampai huruf terakhir."
        ),
    ),
    Help.NOT_YOURS: (
        "Laporan ini bukan untuk tautan Bapak/Ibu",
        "Tautan hanya berlaku untuk laporan kecamatan yang ditangani kantor penerimanya.",
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
    Help.BAD_FORM: ("Isian tidak terbaca", "Mohon dibuka lagi tautan pada pesan dan diisi sekali lagi."),
    Help.TOO_LARGE: ("Isian terlalu besar", "Mohon keterangannya dipersingkat, lalu dikirim sekali lagi."),
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
    Help.BROKEN: (
        "Maaf, sedang ada gangguan",
        (
            "Isian terakhir mungkin belum kami terima. Mohon dicoba lagi sebentar: mengirim dua kali tidak menjadi dua "
            "laporan. Nomor tanda terima hanya tampil bila laporan sudah tersimpan."
        ),
    ),
}

BACK = {
    Help.SIGNED_OUT: "Masuk",
    Help.NOT_ALLOWED: "Kembali ke beranda",
    Help.NO_REASON: "Kembali",
    Help.CHANGED: "Lihat sekali lagi",
}
"""What the way on is called, where it is not the way back."""

PROMISED = ("Permintaan waktu kami catat", "Sampai {until} tim tidak kami ingatkan. Batas waktu laporan tetap.")
NOT_MINE = (
    "Keterangan kami catat",
    "Sekretariat akan memeriksa siapa yang bertugas. Sampai diputuskan, laporan ini tetap ditunggu.",
)
VIAS = {
    Via.LINK: "tautan",
    Via.PHONE: "telepon",
    Via.WHATSAPP: "WhatsApp",
    Via.PAPER: "surat",
    Via.MEETING: "rapat",
    Via.EMAIL: "surel",
}


def state(item: Item, now: datetime) -> str:
    """Where a report stands, without reproach."""
    if item.promised_until is not None and now < item.promised_until:
        return f"Waktu diminta sampai {pages.moment(item.promised_until, item.zone)}."
    if item.returned_until is not None:
        return f"Perlu perbaikan sampai {pages.moment(item.returned_until, item.zone)}: {item.asked}"
    if item.extended_until is not None and now < item.extended_until:
        return f"Diperpanjang sampai {pages.moment(item.extended_until, item.zone)}."
    return "Belum kami terima." if item.due_at < now else "Belum jatuh tempo."
