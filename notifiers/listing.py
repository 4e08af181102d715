"""The items of a message as readers see them: worded, sorted, counted."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from notifiers import gsm7, indonesian
from notifiers.clean import words
from notifiers.facts import Facts, Item
from rules.dispatch import BEFOREHAND
from rules.ladder import Say

_RANK = {say: say.severity for say in Say}
_STATE = {
    Say.SIGN_IN: "Tautan masuk.",
    Say.RECEIVED: "Sudah kami terima.",
    Say.REMINDER: "Menunggu laporan.",
    Say.DROPPED: "Tidak diperlukan lagi.",
    Say.AMENDED: "Batas waktu berubah.",
    Say.RETURNED: "Perlu perbaikan.",
    Say.DUE: "Belum kami terima.",
    Say.OVERDUE: "Belum kami terima.",
    Say.WARNING: "Belum kami terima.",
    Say.NOBODY: "Belum ada yang dapat dihubungi.",
    Say.ESCALATION: "Belum kami terima.",
    Say.PROBLEM: "Menunggu tindak lanjut.",
    Say.TASK: "Menunggu tindak lanjut.",
}
_PROBLEM_STATE = {say: _STATE[say] for say in (Say.RECEIVED, Say.NOBODY)}
_IMPROVED = "Menunggu perbaikan."
_SECRETARIAT = "Sekretariat"
_BODIES = (_SECRETARIAT, "Tim ")


class Row(NamedTuple):
    """One line of the list. Every field is ready to be shown."""

    code: str
    what: str
    details: str
    when: str
    state: str
    note: str


class Next(NamedTuple):
    """Who hears next, of what and when. `codes` is empty when it concerns the whole list."""

    codes: str
    above: str
    at: str


def view(facts: Facts) -> dict[str, Any]:
    """What the templates of a mail are given."""
    main, others = _parted(facts)
    return {
        "brand": words(facts.brand),
        "desk": words(facts.desk),
        "greeting": _greeting(facts.office),
        "secretariat": words(facts.secretariat),
        "helped": not facts.office.startswith(_SECRETARIAT),
        "own": facts.say is Say.SIGN_IN,
        "link": facts.link,
        "matters": words(_matters(main, "laporan ", "permasalahan ")),
        "noun": _noun(main),
        "problems": any(item.problem or item.task for item in main),
        "rows": [_row(item) for item in main],
        "others": [_row(item) for item in others],
        "next": _next(facts, main),
        "due": indonesian.singkat(main[0].due_at, main[0].zone) if len(main) == 1 else None,
    }


def brief(facts: Facts) -> dict[str, Any]:
    """What the templates of an SMS are given: no word of what a matter is about, and GSM 7-bit only.

    The link passes as it is: changing a sign of it would break it.
    """
    main, _ = _parted(facts)
    alone = main[0] if len(main) == 1 else None
    received_at = alone and alone.received_at
    above_at = min((item.above_at for item in main if item.above_at), default=None)
    return {
        "brand": gsm7.plain(facts.brand),
        "sms_name": gsm7.plain(facts.sms_name),
        "matters": gsm7.plain(_matters(main, "", "")),
        "problems": any(item.problem for item in main),
        "due": _since(main, facts) if main else "",
        "above_at": above_at and indonesian.singkat(above_at, facts.zone),
        "received": indonesian.singkat(received_at, main[0].zone) if received_at else None,
        "receipt": gsm7.plain(alone.receipt) if alone and alone.receipt else None,
        "link": facts.link,
        "secretariat": gsm7.plain(facts.secretariat),
    }


def _parted(facts: Facts) -> tuple[list[Item], list[Item]]:
    """The items the message's words are about, and those that are only mentioned; the severest first.

    What is not due yet or has come must not be counted among what is missing.
    """
    ordered = sorted(facts.items, key=_order)
    if facts.say is Say.RECEIVED:
        return ordered, []
    quiet = {Say.RECEIVED, Say.DROPPED, *BEFOREHAND} - {facts.say}
    main = [item for item in ordered if item.say not in quiet]
    return (main, [item for item in ordered if item.say in quiet]) if main else (ordered, [])


def _order(item: Item) -> tuple[int, float, str]:
    return -_RANK[item.say], item.due_at.timestamp(), item.code


def _row(item: Item) -> Row:
    details = [words(item.area)]
    if item.office:
        details.append(f"dari {words(item.office)}")
    if item.period:
        details.append(f"periode {indonesian.periode(*item.period)}")
    if item.severity:
        details.append(words(item.severity))
    when = indonesian.lengkap(item.due_at, item.zone)
    return Row(
        code=words(item.code),
        what=words(item.what),
        details=", ".join(details),
        when=f"Dicatat {when}" if item.problem or item.task else f"Batas waktu {when}",
        state=_state(item),
        note=_note(item),
    )


def _state(item: Item) -> str:
    if item.problem:
        return _PROBLEM_STATE.get(item.say, _STATE[Say.PROBLEM])
    return _IMPROVED if _awaits_improvement(item) else _STATE[item.say]


def _awaits_improvement(item: Item) -> bool:
    return item.returned and item.say not in (Say.RETURNED, Say.RECEIVED)


def _note(item: Item) -> str:
    """What was done about it last; empty where there is nothing to say."""
    if item.todo:
        return words(item.todo)
    if item.say is Say.RECEIVED and item.received_at:
        receipt = f", tanda terima {words(item.receipt)}" if item.receipt else ""
        return f"Pada {indonesian.lengkap(item.received_at, item.zone)}{receipt}."
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


def _matters(items: Sequence[Item], report: str, problem: str) -> str:
    """`R-0805`, `3 laporan`, `P-0012`, `2 laporan dan tugas S-0003`; the two words go before a single code."""
    reports = [item for item in items if not item.problem and not item.task]
    problems = [item.code for item in items if item.problem]
    tasks = [item.code for item in items if item.task]
    said = []
    if reports:
        improved = "perbaikan " if _awaits_improvement(reports[0]) else ""
        said.append(f"{improved}{report}{reports[0].code}" if len(reports) == 1 else f"{len(reports)} laporan")
    if problems:
        said.append(f"{problem}{problems[0]}" if len(problems) == 1 else f"{len(problems)} permasalahan")
    if tasks:
        said.append(f"tugas {tasks[0]}" if len(tasks) == 1 else f"{len(tasks)} tugas")
    return indonesian.daftar(said)


def _noun(items: Sequence[Item]) -> str:
    kinds = {"permasalahan" if item.problem else "tugas" if item.task else "laporan" for item in items}
    return indonesian.daftar(sorted(kinds))


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
