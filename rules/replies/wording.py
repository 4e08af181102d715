"""How what was done is said to whoever wrote: short sentences, the most important first, no word of what a problem is.

Each must fit a text of one segment with the desk's name: a text leaves out sentences from the end.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.replies.reports import CONDITION
from rules.replies.spoken import Does

USEFUL = timedelta(hours=6)
"""After so long nobody waits for an answer any more."""


def stale(asked_at: datetime, *, now: datetime) -> bool:
    """Whether an answer comes too late to be of use."""
    return now >= asked_at + USEFUL


ANSWERED = 4
"""Sentences at most; more are in the list behind the link."""


class Result(NamedTuple):
    """What became of one act. `place`: the district as texts name it; `told`: a receipt, a time, a number of a problem.

    `refused`: why it was not done, in words for whoever wrote.
    """

    does: Does
    code: str = ""
    place: str = ""
    told: str = ""
    refused: str = ""


NIL_MEANT = "nihil?"


def sentences(results: Sequence[Result], names: Mapping[str, str], missing: Mapping[str, Sequence[str]]) -> list[str]:
    """What is said; empty: nothing, because nothing needs an answer.

    Args:
        names: by code, what numbers that are missing are called.
        missing: by report, what it still needs.
    """
    done = [text for own in results if own.does is not Does.ANSWER_HELP and (text := _said(own, names, missing))]
    helped = [own.told for own in results if own.does is Does.ANSWER_HELP]
    passed_on = any(own.does is Does.TO_SECRETARIAT for own in results) and (helped or not done)
    told = [*done, *[PASSED_ON] * bool(passed_on), *[HELP] * bool(helped), *filter(None, helped)]
    return list(dict.fromkeys(told))[:ANSWERED]


PASSED_ON = "Pesan ini kami teruskan kepada Sekretariat."
NOTHING_OWED = "Saat ini tidak ada laporan yang kami tunggu."


_PATTERNS = {
    Does.FILE_NIL: "{code} {place} nihil kami terima {told}.",
    Does.FILE_FILLED: "{code} {place} kami terima {told}.",
    Does.ASK_CONFIRM: "{code} {told} Balas YA bila benar, TIDAK bila bukan.",
    Does.BY_LINK: "Mohon diisi lewat tautan pada pesan kami, atau hubungi Camat. Balas STOP bila tidak mau lagi.",
    Does.ASK_WHICH: "Laporan yang mana? Balas nomornya: {told}.",
    Does.ASK_TIME: "{code}: sampai pukul berapa? Balas misalnya JAM 17.",
    Does.HOLD_PROMISE: "{code} kami tunggu sampai {told}; batas waktunya tetap.",
    Does.OPEN_PROBLEM: "Dicatat sebagai permasalahan {told} dan diteruskan.",
    Does.NOTE_PROBLEM: "Kabar tentang {code} dicatat; tetap terbuka sampai dikonfirmasi.",
    Does.NOT_MINE: "{code}: Sekretariat memeriksa siapa yang bertugas; sampai itu tetap ditunggu.",
    Does.CONFIRM_CONTACT: "Terima kasih, kontak ini tercatat masih dipakai.",
    Does.ASK_CONTACT: "Mohon dipastikan lewat tautan apel kontak: benar, ada yang berubah, atau bukan saya.",
    Does.CLAIM: "{told}",
    Does.STOP_CHANNEL: "{told}",
}
"""What is not here is answered with nothing."""


def _said(own: Result, names: Mapping[str, str], missing: Mapping[str, Sequence[str]]) -> str:
    if own.refused:
        return f"{own.code}: {own.refused}" if own.code else own.refused
    if own.does is Does.FILE_PARTIAL:
        return f"{own.code}: {own.told} kami catat." if own.told else ""
    if own.does is Does.ASK_MISSING:
        return _missing(own, names, missing)
    return _PATTERNS.get(own.does, "").format(**own._asdict())


def _missing(own: Result, names: Mapping[str, str], missing: Mapping[str, Sequence[str]]) -> str:
    known = {**names, CONDITION: CONDITION_ASKED}
    wanted = [known.get(code, "isian lengkap") for code in missing.get(own.code, ())]
    what = ", ".join(wanted) or CONDITION_ASKED
    return f"{own.code} belum lengkap, mohon dibalas: {what}."


CONDITION_ASKED = "kondisi (aman, perlu perhatian, bermasalah)"
HELP = "Balas NIHIL, AMAN, atau jam akan dikirim, misalnya JAM 17."
"""What an answer may look like, in a few words."""
