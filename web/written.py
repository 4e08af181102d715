"""What pages say of the messages that people wrote to us."""

from collections.abc import Mapping

from rules.desk import Channel
from rules.replies.spoken import Does, Intent, Sender

CHANNELS = {Channel.EMAIL: "surel", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
SENDERS = {
    Sender.SHARED: "nomor dipakai beberapa kantor",
    Sender.UNKNOWN: "pengirim tidak terdaftar",
    Sender.FORMER: "pengirim tidak cocok dengan kontak",
}
INTENTS = {
    Intent.REPORT_NIL: "laporan nihil",
    Intent.REPORT_FILLED: "laporan",
    Intent.REPORT_PARTIAL: "laporan yang belum lengkap",
    Intent.PROMISE: "minta waktu",
    Intent.NOT_MINE: "bukan tugasnya",
    Intent.QUESTION: "pertanyaan",
    Intent.PROBLEM: "permasalahan",
    Intent.ACKNOWLEDGE: "sudah dibaca",
    Intent.DONE: "sudah dikirim atau dilaksanakan",
    Intent.STOP: "minta tidak dikirimi lagi",
    Intent.WRONG_NUMBER: "salah nomor",
    Intent.CONFIRM_CONTACT: "konfirmasi kontak",
    Intent.CHATTER: "pesan lain",
    Intent.ROBOT: "pesan mesin",
    Intent.UNREADABLE: "tidak terbaca",
}
NOT_READ = "belum dibaca sistem"
DONE = {
    "seen": "Pesan ditandai sudah dilihat.",
    "strangers": "Pesan dari pengirim tidak terdaftar ditandai sudah dilihat.",
    "office": "Semua pesan kantor itu di halaman ini ditandai sudah dilihat.",
    "files": "Pesan yang hanya membawa lampiran ditandai sudah dilihat.",
    "report": "Pesan dicatat sebagai laporan.",
    "nil": "Pesan dicatat sebagai laporan nihil.",
}
_DONE_BY_REPLY = {
    Does.FILE_NIL: "{code}: nihil diterima {told}",
    Does.FILE_FILLED: "{code}: laporan diterima {told}",
    Does.FILE_PARTIAL: "{code}: sebagian disimpan ({told})",
    Does.HOLD_PROMISE: "{code}: ditunggu sampai {told}",
    Does.OPEN_PROBLEM: "Permasalahan {told} dicatat",
    Does.NOTE_PROBLEM: "{code}: keterangan ditambahkan",
    Does.CLAIM: "{code}: dinyatakan sudah dikirim atau dilaksanakan",
    Does.NOT_MINE: "{code}: dinyatakan bukan tugasnya",
    Does.ACK: "{code}: sudah dibaca",
    Does.CONFIRM_CONTACT: "{code}: kontak ini dinyatakan benar",
    Does.ASK_CONTACT: "{code}: dinyatakan salah alamat; mohon diperiksa",
    Does.STOP_CHANNEL: "{told}",
    Does.SUSPEND_CONTACT: "Kontak tidak dipakai lagi sampai diperiksa",
    Does.FLAG_SENDER: "Pengirim mohon diperiksa",
    Does.ATTACH: "Lampiran mohon dilihat",
}


def result(does: str, code: str, told: str) -> str:
    """What was done about a message, in a line; empty: nothing that the answer does not say."""
    return _DONE_BY_REPLY.get(Does(does), "").format(code=code, told=told)


def media(own: Mapping[str, str]) -> str:
    """What came with a message, in a line."""
    if own.get("place"):
        return f"Lokasi: {own['place']}"
    state = {"kept": "disimpan", "refused": "tidak dapat diambil"}.get(own.get("state", ""), "belum diambil")
    return f"Lampiran {own.get('name') or own.get('media') or 'berkas'}: {state}"
