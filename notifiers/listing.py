"""The items of a message as readers see them: worded, sorted, counted."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from notifiers import gsm7, indonesian
from notifiers.clean import words
from notifiers.facts import Facts, Item
from notifiers.matters import awaits_improvement, helping, named
from rules.advice import NAMES, Stage
from rules.ladder import Say
from rules.links import ASKING
from rules.moot import BEFOREHAND
from rules.summary import Section

_RANK = {say: say.severity for say in Say}
_STATE = {
    Say.SIGN_IN: "Tautan masuk.",
    Say.ANSWER: "Jawaban.",
    Say.RECEIVED: "Sudah kami terima.",
    Say.RESOLVED: "Dinyatakan selesai, menunggu konfirmasi.",
    Say.ROLL_CALL: "Menunggu konfirmasi.",
    Say.AIDE: "Menunggu isian desa.",
    Say.SURE: "Nihil; mohon dipastikan.",
    Say.DECLARED: "Disampaikan oleh kantor lain dalam tim.",
    Say.REMINDER: "Menunggu laporan.",
    Say.DROPPED: "Tidak diperlukan lagi.",
    Say.WITHDRAWN: "Ditarik kembali.",
    Say.WAIVED: "Tidak ditunggu lagi.",
    Say.AMENDED: "Batas waktu berubah.",
    Say.EXTENDED: "Diberi waktu lebih panjang.",
    Say.REVOKED: "Ditunggu lagi.",
    Say.APPROVED: "Sudah disetujui.",
    Say.LOST: "Tidak ada pada catatan kami.",
    Say.RETURNED: "Perlu perbaikan.",
    Say.SENT_BACK: "Dikembalikan sebelum disetujui.",
    Say.DUE: "Belum kami terima.",
    Say.OVERDUE: "Belum kami terima.",
    Say.WARNING: "Belum kami terima.",
    Say.NOBODY: "Belum ada yang dapat dihubungi.",
    Say.GATE: "Belum seluruhnya siap.",
    Say.SILENCE: "Belum terdengar.",
    Say.SUMMARY: "Untuk diketahui.",
    Say.ESCALATION: "Belum kami terima.",
    Say.APPROVAL: "Menunggu persetujuan.",
    Say.TRIP: "Hasilnya belum kami terima.",
    Say.ADVICE: "Menunggu tindak lanjut.",
    Say.PROBLEM: "Menunggu tindak lanjut.",
    Say.TASK: "Menunggu tindak lanjut.",
    Say.SUBMISSION: "Terlampir.",
}
_STAGES = {
    Stage.GIVEN: "Menunggu konfirmasi.",
    Stage.CONFIRMED: "Sudah diterima, menunggu pelaksanaan.",
    Stage.DONE: "Sudah dilaporkan selesai, menunggu penutupan.",
    Stage.WITHDRAWN: "Ditarik kembali.",
}
_MEETING = {
    Stage.GIVEN: "Menunggu jawaban kehadiran.",
    Stage.CONFIRMED: "Kehadiran sudah dijawab.",
    Stage.WITHDRAWN: "Dibatalkan.",
}
_WAITS = {Stage.GIVEN: "konfirmasi", Stage.CONFIRMED: "pelaksanaan", Stage.DONE: "penutupan"}
_PROBLEM_STATE = {say: _STATE[say] for say in (Say.RECEIVED, Say.RESOLVED, Say.NOBODY)}
_IMPROVED = "Menunggu perbaikan."
_MENTIONED = frozenset({Say.RECEIVED, Say.RESOLVED, Say.DECLARED, Say.DROPPED, Say.WITHDRAWN, Say.WAIVED, *BEFOREHAND})
"""What a message about something else only mentions."""
_BODIES = ("Sekretariat", "Tim ")


class Row(NamedTuple):
    """One line of the list. Every field is ready to be shown."""

    code: str
    what: str
    details: str
    when: str
    state: str
    note: str


class Next(NamedTuple):
    """Who hears next, about what and when. `codes` is empty if it concerns the whole list."""

    codes: str
    above: str
    at: str


def view(facts: Facts) -> dict[str, Any]:
    """What the templates of a mail are given."""
    main, others = _parted(facts)
    alone, told = main[0] if len(main) == 1 else None, named(main)
    return {
        "election": words(facts.election),
        "today": indonesian.hari_tanggal(facts.now, facts.zone),
        "brand": words(_named(facts)),
        "desk": words(facts.desk),
        "greeting": _greeting(facts.office),
        "secretariat": words(facts.secretariat),
        "asking": facts.say in ASKING,
        "once": facts.once,
        "sealed": facts.once or facts.say in (Say.ROLL_CALL, Say.AIDE),
        "own": facts.say is Say.SIGN_IN,
        "outside": facts.say is Say.SUBMISSION,
        "link": facts.link,
        "may_reply": facts.may_reply,
        "answer": [words(own) for own in facts.answer],
        "matters": words(told.full),
        "short": words(told.short),
        "count": words(told.counted),
        "titled": words(_titled(alone)) if alone else "",
        "noun": _noun(main),
        "problems": any(item.problem or item.task or item.advice or item.gate for item in main),
        "meeting": all(item.meeting for item in main),
        "waits": _waits(main),
        "summary": [Section(words(own.title), tuple(map(words, own.lines))) for own in facts.summary],
        "grave": any(item.grave for item in main),
        "approving": all(item.say is Say.APPROVAL for item in main),
        "pressing": _pressing(main),
        "owned": all(item.owned for item in main),
        "helping": helping(main),
        "place": words(alone.place) if alone else "",
        "figure": words(alone.figure) if alone else "",
        "brief_figure": words(alone.figure.partition(";")[0]) if alone else "",
        "awaited": words(_awaited(main)),
        "rows": [_row(item, facts) for item in main],
        "others": [_row(item, facts) for item in others],
        "next": _next(facts, main),
        "due": indonesian.singkat(alone.due_at, alone.zone) if alone else None,
        "declared": words(f"{alone.declared} oleh {alone.by[0]}") if alone and alone.declared else "",
        "asker": words(main[0].by[0]) if main else "",
    }


def brief(facts: Facts) -> dict[str, Any]:
    """What the templates of an SMS are given: no word of what a matter is about, and GSM 7-bit only.

    The link stays as it is: changing a character would break it.
    """
    main, _ = _parted(facts)
    alone, told = main[0] if len(main) == 1 else None, named(main)
    received_at = alone and alone.received_at
    above_at = min((item.above_at for item in main if item.above_at), default=None)
    return {
        "brand": gsm7.plain(_named(facts)),
        "sms_name": gsm7.plain(facts.sms_name),
        "matters": gsm7.plain(told.full),
        "short": gsm7.plain(told.short),
        "count": gsm7.plain(told.counted),
        "problems": any(item.problem or item.advice or item.gate for item in main),
        "meeting": all(item.meeting for item in main),
        "waits": _waits(main),
        "grave": any(item.grave for item in main),
        "approving": all(item.say is Say.APPROVAL for item in main),
        "pressing": _pressing(main),
        "owned": all(item.owned for item in main),
        "degree": gsm7.plain(alone.severity) if alone and alone.grave and alone.severity else "",
        "helping": helping(main),
        "asking": facts.say in ASKING,
        "place": gsm7.plain(alone.place) if alone else "",
        "figure": gsm7.plain(alone.figure.partition(";")[0]) if alone else "",
        "at": indonesian.singkat(main[0].due_at, main[0].zone) if len({item.due_at for item in main}) == 1 else "",
        "due": _since(main, facts) if main else "",
        "moved": _before(alone) if alone else "",
        "above_at": above_at and indonesian.singkat(above_at, facts.zone),
        "received": indonesian.singkat(received_at, main[0].zone) if received_at else None,
        "receipt": gsm7.plain(alone.receipt) if alone and alone.receipt else None,
        "declared": gsm7.plain(f"{alone.declared} oleh {alone.by[1]}") if alone and alone.declared else "",
        "asker": gsm7.plain(main[0].by[1]) if main else "",
        "link": facts.link,
        "may_reply": False,
        "answer": [gsm7.plain(own) for own in facts.answer],
        "call": gsm7.plain(facts.call),
        "secretariat": bool(facts.secretariat),
    }


def _named(facts: Facts) -> str:
    """How every text begins: the desk, and the election if there could be another."""
    return f"{facts.brand}, {facts.election}" if facts.election else facts.brand


def _titled(item: Item) -> str:
    """A report by its name, for a reader who does not know our codes; empty: it is of no period."""
    return f"{item.what}, {indonesian.periode(*item.period)}" if item.period else ""


def _awaited(items: Sequence[Item]) -> str:
    """Whose reports these are: `Camat Tamban`, `Camat Tamban dan Camat Alalak`; empty where there are more."""
    offices = list(dict.fromkeys(item.office for item in items if item.office))
    return indonesian.daftar(offices) if len(offices) <= 2 else ""


def _parted(facts: Facts) -> tuple[list[Item], list[Item]]:
    """The items the message's words are about, and those that are only mentioned; the severest first.

    Reports that are not due yet or have come must not be counted as missing.
    """
    ordered = sorted((item for item in facts.items if item.say is not Say.SUMMARY), key=_order)
    if facts.say is Say.RECEIVED:
        return ordered, []
    others = [item for item in ordered if item.say in _MENTIONED and item.say is not facts.say]
    main = [item for item in ordered if item not in others] if others else ordered
    return (main, others) if main else (ordered, [])


def _order(item: Item) -> tuple[int, bool, float, str]:
    return -_RANK[item.say], not item.grave, item.due_at.timestamp(), item.code


def _pressing(items: Sequence[Item]) -> int:
    """How many of several are urgent, where others are not; 0: none, or all of them."""
    grave = sum(item.grave for item in items)
    return grave if grave < len(items) else 0


def _row(item: Item, facts: Facts) -> Row:
    details = [words(item.area)]
    if item.office:
        details.append(f"dari {words(item.office)}")
    if item.period:
        first, last = item.period
        details.append(f"{'tanggal' if first == last else 'periode'} {indonesian.periode(first, last)}")
    if item.severity:
        details.append(words(item.severity))
    if election := item.election or facts.election:
        details.append(words(election))
    return Row(
        code=words(item.code),
        what=words(item.what),
        details=", ".join(details),
        when=_when(item),
        state=_state(item),
        note=_note(item),
    )


def _when(item: Item) -> str:
    if item.restricted:
        return "Isinya hanya dapat dibaca di halaman desk."
    before = f", semula {indonesian.lengkap(item.moved_from, item.zone)}" if item.moved_from else ""
    return f"{_time(item)} {indonesian.lengkap(item.due_at, item.zone)}{before}"


def _time(item: Item) -> str:
    if item.say is Say.SUBMISSION:
        return "Keadaan sampai dengan"
    if item.roll_call:
        return "Ditanyakan"
    if item.gate:
        return "Keadaan"
    if item.problem or item.task:
        return "Dicatat"
    return "Waktu" if item.meeting or item.trip else "Batas waktu"


def _waits(items: Sequence[Item]) -> str:
    """What is waited for, about an advice; of several things that differ: `tindak lanjut`. Empty: nothing is."""
    if all(item.meeting for item in items):
        return "jawaban" if any(item.stage is Stage.GIVEN for item in items) else ""
    stages = {None if item.meeting else item.stage for item in items}
    only = stages.pop() if len(stages) == 1 else None
    return _WAITS.get(only, "tindak lanjut") if only else "tindak lanjut"


def _state(item: Item) -> str:
    if item.stage is not None:
        return (_MEETING if item.meeting else _STAGES).get(item.stage, _STATE[item.say])
    if item.figure:
        return words(f"{item.figure[0].upper()}{item.figure[1:]}.")
    if item.problem:
        return _PROBLEM_STATE.get(item.say, _STATE[Say.PROBLEM])
    return _IMPROVED if awaits_improvement(item) else _STATE[item.say]


def _note(item: Item) -> str:
    """What was done about it last; empty where there is nothing to say."""
    if item.todo:
        return words(item.todo)
    if item.moved_by:
        return f"Dasar perubahan: {words(item.moved_by)}."
    if item.say is Say.RECEIVED and item.received_at:
        receipt = f", tanda terima {words(item.receipt)}" if item.receipt else ""
        return f"Pada {indonesian.lengkap(item.received_at, item.zone)}{receipt}."
    if item.declared:
        return f"{item.declared[0].upper()}{item.declared[1:]} oleh {words(item.by[0])}."
    if item.warned_at:
        return f"Tim terakhir kami hubungi {indonesian.lengkap(item.warned_at, item.zone)}."
    return ""


def _next(facts: Facts, items: Sequence[Item]) -> list[Next]:
    """Who hears next, one line for each office and time; `codes` only where the lines concern different items."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in items:
        if item.above:
            at = indonesian.lengkap(item.above_at, facts.zone) if item.above_at else ""
            groups.setdefault((item.above, at), []).append(item.code)
    whole = len(groups) == 1 and sum(map(len, groups.values())) == len(items)
    return [Next("" if whole else indonesian.daftar(codes), words(above), at) for (above, at), codes in groups.items()]


def _noun(items: Sequence[Item]) -> str:
    kinds = {_kind(item) for item in items}
    return indonesian.daftar(sorted(kinds))


def _kind(item: Item) -> str:
    if item.sort:
        return NAMES[item.sort]
    if item.trip:
        return "kunjungan lapangan"
    if item.roll_call:
        return "apel kontak"
    if item.gate:
        return "kesiapan dukungan"
    return "permasalahan" if item.problem else "tugas" if item.task else "laporan"


def _before(item: Item) -> str:
    """What its due time was before it was moved, as short as it is understood; empty: it was not."""
    if item.moved_from is None:
        return ""
    day, _, clock = indonesian.singkat(item.moved_from, item.zone).partition(" ")
    return day if clock == indonesian.pukul(item.due_at, item.zone) else f"{day} {clock}"


def _since(items: Sequence[Item], facts: Facts) -> str:
    """`batas 5/2 15.00 WITA`; for several due times the first one: `mulai` while it is ahead, `sejak` after it."""
    first = min(items, key=lambda item: item.due_at)
    at = indonesian.singkat(first.due_at, first.zone)
    if len({item.due_at for item in items}) == 1:
        return f"batas {at}"
    return f"{'mulai' if first.due_at > facts.now else 'sejak'} {at}"


def _greeting(office: str) -> str:
    """An office is held by somebody; a secretariat or a team is a body and has no Bapak/Ibu."""
    return f"Yth. {words(office)}" if office.startswith(_BODIES) else f"Yth. Bapak/Ibu {words(office)}"
