"""In words: what was ordered, what came of it, and which messages can be tried once more or taken back."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from difflib import unified_diff
from typing import Any

from sqlalchemy.orm import Session

from models.desk import orders, programmes
from models.desk.orders import Order
from models.machine import clock
from models.messages import outbox
from models.messages.outbox import Filter, Listed
from reports.rehearsal.words import reason, span
from rules import access, amending, indonesian
from rules.closing import WORDS as OPEN
from rules.closing import Left
from rules.delivery import State
from rules.desk import Channel
from rules.indonesian import day
from rules.orders import CHANGED, FOLLOWS, TOO_MANY, WORDS, Act, Span, counts, reached
from rules.retried import summed
from rules.subjects import erased
from rules.two_people import Why
from services import two_people
from services.phoning import Telephone
from services.two_people import NOBODY
from web import calling, pages
from web.board import HELD
from web.books import Books
from web.coordinator.overseen import CHANNELS, SAID
from web.door.who import Who
from web.secretariat import foreseen
from web.secretariat.foreseen import AHEAD
from web.secretariat.rehearsed import FIRST

STATES = {
    State.FAILED: "gagal dikirim",
    State.IN_DOUBT: "mungkin sudah diterima",
    State.PENDING: "menunggu dikirim",
}
REFUSED = {
    CHANGED: "Keadaannya sudah berubah sejak dilihat. Mohon dilihat lagi, lalu diminta lagi.",
    TOO_MANY: "Sudah terlalu banyak permintaan yang menunggu orang kedua. Mohon diputuskan dahulu, lalu diminta lagi.",
}
"""Why an order was not done, where whoever asked can do something about it. Everything else is for the operator."""
HINDERS = {
    None: "Sudah diputuskan, atau sudah gugur.",
    Why.SAME: "Yang meminta tidak dapat menyetujui sendiri. Mohon disetujui oleh orang lain.",
    Why.UNNAMED: "Belum tercatat siapa pemegang jabatan ini. Mohon dicatat dahulu pada halaman Kontak.",
    Why.NAMESAKE: "Kedua jabatan dipegang orang yang sama. Mohon disetujui oleh orang lain.",
    Why.SHARED: "Kedua jabatan memakai nomor atau surel yang sama. Mohon disetujui lewat petugas sistem.",
    Why.ENTERED: "Pemegang atau kontak jabatan ini baru saja diisi oleh yang meminta. Mohon tunggu satu hari, atau"
    " disetujui lewat petugas sistem.",
}
"""Why somebody cannot confirm."""
SINCE = timedelta(days=7)
MOST = 50
NAMED = 12
"""So many numbers of each kind are named."""
LINES = 400
"""So many lines of a difference are shown."""


def messages(session: Session, at: Who) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those that may be tried once more, and those that may be taken back; of the last days, the newest first."""
    stuck = [*_listed(session, at, State.FAILED), *_listed(session, at, State.IN_DOUBT)]
    waiting = _listed(session, at, State.PENDING)
    named = {office.code: office.title for desk in at.desks for office in desk.offices}
    ready = [own for own in stuck if own.due_at is None]
    return [_message(at, own, named) for own in ready], [_message(at, own, named) for own in waiting]


def _listed(session: Session, at: Who, state: State) -> list[Listed]:
    which = Filter(state=state, since=at.now - SINCE, programmes=list(at.programmes))
    return outbox.listed(session, which, limit=MOST)[::-1]


def _message(at: Who, own: Listed, named: dict[str, str]) -> dict[str, Any]:
    said = SAID.get(own.say, own.say)
    return {
        "id": own.id,
        "to": named.get(own.office, own.office),
        "what": f"{said}, {CHANNELS[Channel(own.channel)]}",
        "at": pages.short_moment(own.created_at, at.desk.zone),
        "stands": STATES[own.state],
    }


def line(books: Books, at: Who, order: Order) -> dict[str, Any]:
    """One order in a list."""
    return {
        "href": f"{books.base}/sekretariat/kendali/{order.id}",
        "what": _what(order),
        "by": _by(order),
        "at": pages.short_moment(order.ordered_at, at.desk.zone),
        "reason": order.reason,
        "stands": _stands(order),
    }


def _what(order: Order) -> str:
    ahead = order.terms.get("days") == Span.AHEAD or AHEAD in order.result
    return "Pesan tujuh hari ke depan" if ahead else WORDS[order.act]


def _by(order: Order) -> str:
    """Who ordered it."""
    return f"petugas sistem ({order.account})" if order.account else order.title


def _stands(order: Order) -> str:
    if order.refused:
        by_second = order.lapses_at and not order.confirmed_at
        return "gugur" if order.refused == NOBODY else "ditolak" if by_second else "tidak dilakukan"
    if order.waits_for_second:
        return "menunggu orang kedua"
    return "selesai" if order.done_at else "sedang dikerjakan"


def _second(session: Session, at: Who, order: Order) -> dict[str, Any]:
    """What a page says of the second person: of an order that waits, and of what he looked at for it."""
    of = order.terms.get("of")
    about = orders.one(session, at.desk.code, of) if of else order
    if about is None or about.lapses_at is None:
        return {}
    waits, zone = about.waits_for_second, at.desk.zone
    person = two_people.of_office(session, at.office_id, at=at.now)
    hinders = two_people.hinders(session, about, person, at.hand, now=at.now) if waits else None
    looked = of and order.done_at and not order.refused
    keepers = [office for office in at.desk.offices if access.keeps_books(at.desk, office.code)]
    asked = [office for office in keepers if about.account or office.title != about.title]
    others = [office for office in asked if office.code != at.code]
    held = clock.marked(session, clock.HOLD) is not None
    return {
        "id": about.id,
        "what": WORDS[about.act],
        "by": _by(about),
        "reason": about.reason,
        "election": _election(at, about) if about.act is Act.RAISE else "",
        "figures": order.result.get("figures", ""),
        "waits": waits,
        "until": pages.moment(about.lapses_at, zone),
        "reaches": reached(about.act, about.terms["reach"], about.terms.get("takes", ())),
        "because": _because(about) if waits else "",
        "again": about.terms.get("again"),
        "hinders": HINDERS[hinders] if hinders else "",
        "mine": about.office_id == at.office_id and not about.account,
        "others": [office.title for office in others],
        "held": held,
        "lines": _lines(session, at, about, [office.code for office in others]) if held and hinders else [],
        "named": about.second,
        "lapsed": about.refused == NOBODY,
        "refused": about.refused if not about.result and not about.confirmed_at else "",
        "looked": reached(about.act, order.result["reach"], order.result.get("takes", ())) if looked else "",
    }


def _lines(session: Session, at: Who, order: Order, codes: Collection[str]) -> list[Telephone]:
    """Whom to phone while no message can tell them that an order waits."""
    matter = two_people.matter(session, order)
    if matter is None or matter.programme_id not in at.programmes:
        return []
    return calling.each(session, at, matter.programme_id, codes, matter.id)


def _because(order: Order) -> str:
    """Why one person may not do this alone."""
    if order.act is Act.RAISE:
        return "Setiap tambahan anggaran perlu disetujui orang lain."
    above = indonesian.number(order.terms["above"])
    if order.terms["reach"] > order.terms["above"]:
        return f"Di atas {above} perlu disetujui orang lain."
    together = f"bersama yang baru saja dilakukan jumlahnya di atas {above}"
    loosened = "aturan orang kedua menjadi lebih longgar, atau " if order.act is Act.AMEND else ""
    return f"Perlu disetujui orang lain: {loosened}{together}."


def shown(books: Books, session: Session, at: Who, order: Order) -> dict[str, Any]:
    """An order with what came of it, and what may be ordered next."""
    result = order.result
    follows = FOLLOWS.get(order.act)
    done = order.done_at is not None
    ready = follows and counts(follows, order.act, order.done_at, bool(order.refused), now=at.now)
    return {
        "id": order.id,
        "what": _what(order),
        "by": _by(order),
        "at": pages.moment(order.ordered_at, at.desk.zone),
        "reason": order.reason,
        "waits": not done and not order.waits_for_second,
        "refused": order.refused,
        "remedy": REFUSED.get(order.refused, ""),
        "follows": follows if ready and _changes(order) and "of" not in order.terms else "",
        "second": _second(session, at, order),
        "confirms": bool(ready and "of" in order.terms),
        "preview": _preview(at, result) if done and order.act is Act.PREVIEW and not order.refused else None,
        "raised": result.get("figures", "") if order.act is Act.RAISE else "",
        "released": done and order.act is Act.RELEASE and not order.refused,
        "answers": summed((did, became) for _, did, became in result.get("answers", ())),
        "programmes": [_programme(own) for own in result.get("programmes", ())],
        "difference": list(_difference(session, at, order)) if order.act is Act.TRIAL and done else [],
        "titles": result.get("titles", []),
        "takes": erased(*result["takes"]) if result.get("takes") else "",
        "erased": erased(*result["erased"]) if result.get("erased") else "",
        "tried": order.act is Act.TRIAL,
        "election": _election(at, order) if order.act in (Act.SURVEY, Act.CLOSE) else "",
        "rehearsal": _rehearsal(books, at, order) if order.act is Act.REHEARSE else None,
        "may_look_ahead": lived(order)[:1] if ready and order.act is Act.TRIAL else [],
        "may_rehearse": [] if not ready or order.act is not Act.TRIAL else _named(order),
        "alone": len(at.programmes) == 1,
        "open": [
            (number, OPEN[Left(kind)], ", ".join(codes[:NAMED]), len(codes) > NAMED)
            for kind, number, codes in result.get("open", ())
        ],
    }


def changed(order: Order) -> list[str]:
    """The elections that a changed file would change, by their codes."""
    return [code for code, _ in _named(order)]


def lived(order: Order) -> list[str]:
    """Those whose next days can be lived: they are live. It is done for all of the desk."""
    return [code for code in changed(order) if code in order.result.get("seen", {})]


def _named(order: Order) -> list[tuple[str, str]]:
    return [(own["code"], own["election"]) for own in order.result.get("programmes", ()) if own["changed"]]


def _rehearsal(books: Books, at: Who, order: Order) -> dict[str, Any]:
    """How far a rehearsal is, or what came of it."""
    result, so_far = order.result, order.result.get("so_far", {})
    told = {
        "ahead": None,
        "lives": order.terms.get("days") == Span.AHEAD,
        "begun": bool(order.tries),
        "again": order.tries > 1,
        "percent": int(100 * so_far.get("share", 0)),
        "day": day(date.fromisoformat(so_far["day"])) if so_far.get("day") else "",
        "election": _election(at, order),
        "changed": result.get("changed", bool(order.files)),
        "pages": f"{books.base}/sekretariat/kendali/{order.id}/geladi/{FIRST}" if order.pages else "",
    }
    if AHEAD in result:
        kept = f"{books.base}/sekretariat/kendali/{order.id}/pesan" if order.pages else ""
        return told | {"counts": None, "ahead": foreseen.sums(at, result[AHEAD]), "pages": kept}
    if "counts" not in result:
        return told | {"counts": None}
    first, last = (date.fromisoformat(result[end]) for end in ("from", "to"))
    return told | {
        "days": span(first, last),
        "length": (last - first).days + 1,
        "counts": result["counts"],
        "channels": [(CHANNELS[Channel(channel)], count) for channel, count in result["channels"].items()],
        "promises": result["promises"],
        "broken": [text for text, kept, _ in result["promises"] if not kept],
    }


def _election(at: Who, order: Order) -> str:
    """The election that an order is about, by name; its code, once it is closed; empty: none in particular."""
    code = str(order.terms.get("programme", "") or order.result.get("programme", ""))
    return next((own.election.name for own in at.programmes.values() if own.code == code), code)


def _changes(order: Order) -> bool:
    """Whether what was looked at would do anything."""
    if order.act is Act.SURVEY:
        return True
    if order.act is Act.PREVIEW:
        return bool(order.result.get("on_hold")) and not order.result.get("storm")
    return any(own["changed"] for own in order.result.get("programmes", ()))


def _preview(at: Who, result: dict[str, Any]) -> dict[str, Any]:
    def until(text: str | None) -> str:
        return pages.short_moment(datetime.fromisoformat(text), at.desk.zone) if text else ""

    held = {own.value: words for own, words in HELD.items()}
    return {
        "on_hold": result["on_hold"],
        "going": [
            {
                "by": CHANNELS[Channel(channel)],
                "count": count,
                "until": until(last),
                "again": sum(more[:1]),
                "unknown": any(more[1:]),
            }
            for channel, count, last, *more in result["going"]
        ],
        "merged": result["merged"],
        "moot": [(reason(why), count) for why, count in result["moot"].items()],
        "waits": [(held.get(why, reason(why)), count, until(first)) for why, count, first in result["waits"]],
        "storm": result["storm"],
    }


def _programme(own: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": own["election"],
        "changed": own["changed"],
        "counts": [(amending.word(act), count) for act, count in own["counts"].items()],
        "duties": [
            (duty, [(amending.word(word), count) for word, count in counted.items()])
            for duty, counted in own.get("duties", {}).items()
        ],
        "late": own.get("late", []),
        "kept": own.get("kept", 0),
        "carried": own.get("carried", 0),
        "days": own["days"],
        "reports": [(area, duty, amending.word(act), span) for area, duty, act, span in own["reports"]],
        "more": own["more"],
        "told": own["told"],
        "warnings": own["warnings"],
    }


def _difference(session: Session, at: Who, order: Order) -> Iterator[dict[str, str]]:
    """The lines that differ from the file in force; none, once the file that was sent in is forgotten."""
    kind, code, text = order.result.get("kind"), order.result.get("code"), order.text
    for stored in programmes.live(session):
        source = {"election": stored.election, "desk": stored.desk, "policy": stored.policy}.get(kind or "")
        if stored.id in at.programmes and source is not None and source.code == code and text:
            lines = unified_diff(source.text.splitlines(), text.splitlines(), "berlaku", "berkas ini", lineterm="", n=1)
            for number, own in enumerate(lines):
                if number < LINES:
                    yield {"text": own, "sign": own[:1]}
            return
