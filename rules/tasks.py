"""Tasks that the system leaves to people, in their words: what it is, and what to do about it."""

from enum import StrEnum

from rules.desk import Channel

LADDER, URGENT_LADDER = "a task", "an urgent task"
"""Names for the two ladders in a policy's `tasks` (`Policy.ladder`)."""


class Why(StrEnum):
    NOBODY_TO_TELL = "nobody_to_tell"
    DEAD_CONTACT = "dead_contact"
    NOT_DELIVERED = "not_delivered"
    NOT_MY_TASK = "not_my_task"
    SET_ASIDE = "set_aside"
    CHANNEL_DOWN = "channel_down"
    UNSETTLED = "unsettled"
    STORM = "storm"
    TROUBLED_AGAIN = "troubled_again"
    SILENCE = "silence"
    GAP = "gap"
    INBOUND = "inbound"
    WRONG_RECIPIENT = "wrong_recipient"
    CONTACT_CHANGED = "contact_changed"
    PACKAGE = "package"
    REARRANGEMENT = "rearrangement"
    EMPTY_SHIFT = "empty_shift"
    SUBJECT = "subject"
    SECOND = "second"
    LAPSED = "lapsed"
    BUDGET = "budget"


OF_DESK = frozenset({Why.CHANNEL_DOWN, Why.STORM, Why.SECOND, Why.LAPSED})
"""About a desk as a whole, whichever of its elections they stand in."""

TITLES = {
    Why.NOBODY_TO_TELL: "Kontak belum tersedia",
    Why.DEAD_CONTACT: "Kontak tidak dapat digunakan",
    Why.NOT_DELIVERED: "Pesan tidak sampai",
    Why.NOT_MY_TASK: "Penugasan perlu diperiksa",
    Why.SET_ASIDE: "Data perlu diperiksa",
    Why.CHANNEL_DOWN: "Saluran pesan terganggu",
    Why.UNSETTLED: "Ada pesan yang belum pasti terkirim",
    Why.STORM: "Pengiriman ditahan",
    Why.TROUBLED_AGAIN: "Permasalahan yang sudah selesai dilaporkan lagi",
    Why.SILENCE: "Kemungkinan gangguan jaringan",
    Why.GAP: "Catatan desk hilang sebagian",
    Why.INBOUND: "Pesan masuk perlu dibaca",
    Why.WRONG_RECIPIENT: "Kontak ditarik oleh penerimanya",
    Why.CONTACT_CHANGED: "Kontak atau pejabat perlu diperiksa",
    Why.PACKAGE: "Paket laporan lewat surel belum dihitung",
    Why.REARRANGEMENT: "Perubahan susunan tim tidak dapat dijalankan",
    Why.EMPTY_SHIFT: "Posko tanpa piket",
    Why.SUBJECT: "Permintaan tentang data pribadi",
    Why.SECOND: "Menunggu persetujuan orang kedua",
    Why.LAPSED: "Permintaan gugur tanpa orang kedua",
    Why.BUDGET: "Anggaran pesan",
}

REMEDIES = {
    Why.NOBODY_TO_TELL: "Mohon melengkapi nomor atau alamatnya, dan sementara itu menghubungi lewat telepon.",
    Why.DEAD_CONTACT: "Mohon memeriksa dan memperbarui nomor atau alamatnya.",
    Why.NOT_DELIVERED: "Mohon menghubungi lewat telepon dan memeriksa nomor atau alamatnya.",
    Why.NOT_MY_TASK: "Mohon memeriksa siapa yang bertugas, lalu menyampaikannya kepada yang bersangkutan.",
    Why.SET_ASIDE: "Mohon meneruskan kepada pengelola sistem; hal lain berjalan seperti biasa.",
    Why.CHANNEL_DOWN: "Mohon meneruskan kepada pengelola sistem; untuk hal mendesak mohon menelepon.",
    Why.UNSETTLED: "Mohon meneruskan kepada pengelola sistem; untuk hal mendesak mohon menelepon penerimanya.",
    Why.STORM: "Mohon meneruskan kepada pengelola sistem; sampai dilanjutkan tidak ada pesan yang dikirim.",
    Why.TROUBLED_AGAIN: "Mohon memeriksa laporan terakhirnya, dan menghubungi koordinator bila belum selesai.",
    Why.SILENCE: "Mohon mencoba telepon atau radio; pengingat kepada wilayah ini kami perlambat.",
    Why.INBOUND: "Mohon dibuka halaman Pesan masuk; tugas ini selesai sendiri bila semuanya sudah dilihat.",
    Why.WRONG_RECIPIENT: "Pesan ke sana berhenti. Mohon memeriksa lewat telepon siapa pemegangnya.",
    Why.CONTACT_CHANGED: "Mohon memeriksa kontak dan pemegang jabatannya, lalu memperbaruinya pada halaman Kontak.",
    Why.GAP: "Tidak ada pesan keluar. Mohon menanyakan apa yang dikirim pada waktu itu, dan mencatatnya: laporan, "
    "kejadian, arahan, kontak yang dinyatakan bukan saya, dan pejabat baru.",
    Why.REARRANGEMENT: "Mohon diperiksa pada halaman Susunan tim; sampai itu susunan yang lama berlaku.",
    Why.EMPTY_SHIFT: "Mohon melengkapi jadwal pada halaman Piket untuk tujuh hari ke depan.",
    Why.SUBJECT: "Mohon dijawab sebelum batasnya lewat halaman Data pribadi; tutup dengan catatan apa yang dilakukan.",
    Why.SECOND: "Mohon dibuka pada halaman Kendali pengiriman oleh orang lain, lalu disetujui atau ditolak.",
    Why.LAPSED: "Tidak ada yang diubah. Mohon diminta lagi pada halaman Kendali pengiriman bila masih perlu.",
    Why.BUDGET: "Mohon dilihat pada halaman Kendali. Yang tidak ada surelnya mohon ditelepon menurut Daftar telepon.",
    Why.PACKAGE: "Mohon dibuka pada halaman Paket laporan; kuncinya dicocokkan, atau paketnya diminta lagi.",
}

OWN_CONTACT = "Pesan ke sana berhenti. Bila kontak itu benar, atau sudah diganti, mohon kabari Sekretariat."
"""What is asked of the office itself whose contact was withdrawn by whoever got its messages."""

WAYS = {Channel.EMAIL: "Saluran surel", Channel.SMS: "Saluran SMS", Channel.WHATSAPP: "Saluran WhatsApp"}
