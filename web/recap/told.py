"""In words: what was decided to be told to an office, and what became of it."""

from models.messages.messages import Message
from models.messages.notices import Notice
from reports.rehearsal.words import STATES, ended, reason, word
from rules.delivery_reports import Fate
from rules.dispatch import Held, NoticeState
from web import pages
from web.board import HELD
from web.coordinator.overseen import CHANNELS, SAID

KEPT_BACK = "hanya ditulis ke map uji coba, tidak dikirim kepada siapa pun"
FATES = {
    Fate.DELIVERED: "sampai menurut penyedia layanan",
    Fate.READ: "sampai dan dibaca menurut penyedia layanan",
    Fate.FAILED: "tidak sampai menurut penyedia layanan",
    Fate.UNDELIVERED: "tidak sampai menurut penyedia layanan",
    Fate.CANCELED: "tidak sampai menurut penyedia layanan",
}


def what(notice: Notice, office: str) -> str:
    """`Pengingat kepada Camat Tamban, SMS`."""
    named = {channel.value: name for channel, name in CHANNELS.items()}
    said = SAID.get(notice.say, notice.say)
    return ", ".join(filter(None, (f"{said[0].upper()}{said[1:]} kepada {office}", named.get(notice.channel, ""))))


def untold(notice: Notice, zone: str) -> str:
    """Why it was not told, or is not yet."""
    if notice.state is NoticeState.PLANNED:
        why = HELD.get(notice.held, "menunggu giliran") if notice.held is not Held.NO else "menunggu giliran"
        return f"{why}, paling cepat {pages.short_moment(notice.release_at, zone)}"
    end = ended(notice.state, notice.reason)
    words = word(STATES, end)
    return f"{words}: {reason(notice.reason)}" if notice.reason and notice.reason != end else words


def became(message: Message, fate: Fate | None, zone: str) -> str:
    """How handing it over went, and what the provider said later."""
    if message.kept_back:
        return KEPT_BACK
    at = f" {pages.short_moment(message.settled_at, zone)}" if message.settled_at else ""
    twice = "mungkin diterima dua kali" if message.possibly_doubled else ""
    return ", ".join(filter(None, (f"{word(STATES, message.state)}{at}", FATES.get(fate) if fate else "", twice)))
