"""In words: what was ordered, what came of it, and which messages can be tried once more or taken back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import Any

from sqlalchemy.orm import Session

from models.desk import programmes
from models.desk.orders import Order
from models.messages import outbox
from models.messages.outbox import Filter, Listed
from reports.rehearsal.words import reason
from rules.amending import Act as Step
from rules.closing import WORDS, Left
from rules.delivery import State
from rules.desk import Channel
from rules.orders import FOLLOWS, Act, counts
from web import pages
from web.board import HELD
from web.books import Books
from web.coordinator.overseen import CHANNELS, SAID
from web.door.who import Who

ACTS = {
    Act.PREVIEW: "Melihat akibat pelepasan",
    Act.RELEASE: "Melepas pengiriman",
    Act.TRIAL: "Memeriksa berkas yang diubah",
    Act.AMEND: "Memberlakukan berkas yang diubah",
    Act.RETRY: "Mencoba pesan sekali lagi",
    Act.CANCEL: "Membatalkan pesan",
    Act.SURVEY: "Melihat apa yang masih terbuka",
    Act.CLOSE: "Menutup pemilihan",
}
STEPS = {
    Step.KEEP: "tetap",
    Step.MOVE: "berubah waktunya",
    Step.ADJUST: "disesuaikan",
    Step.CANCEL: "dibatalkan",
    Step.MAKE: "baru",
    Step.SKIP: "tidak dibuat, waktunya sudah lewat",
}
STATES = {
    State.FAILED: "gagal dikirim",
    State.IN_DOUBT: "mungkin sudah diterima",
    State.PENDING: "menunggu dikirim",
}
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
    stands = "ditolak" if order.refused else ("selesai" if order.done_at else "sedang dikerjakan")
    return {
        "href": f"{books.base}/sekretariat/kendali/{order.id}",
        "what": ACTS[order.act],
        "by": order.title,
        "at": pages.short_moment(order.ordered_at, at.desk.zone),
        "reason": order.reason,
        "stands": stands,
    }


def shown(session: Session, at: Who, order: Order) -> dict[str, Any]:
    """An order with what came of it, and what may be ordered next."""
    result = order.result
    follows = FOLLOWS.get(order.act)
    done = order.done_at is not None
    ready = follows and counts(follows, order.act, order.done_at, bool(order.refused), now=at.now)
    return {
        "id": order.id,
        "what": ACTS[order.act],
        "by": order.title,
        "at": pages.moment(order.ordered_at, at.desk.zone),
        "reason": order.reason,
        "waits": not done,
        "refused": order.refused,
        "follows": follows if ready and _changes(order) else "",
        "preview": _preview(at, result) if done and order.act is Act.PREVIEW and not order.refused else None,
        "released": done and order.act is Act.RELEASE and not order.refused,
        "answers": [{"id": id, "done": did, "words": words} for id, did, words in result.get("answers", ())],
        "programmes": [_programme(own) for own in result.get("programmes", ())],
        "difference": list(_difference(session, at, order)) if order.act is Act.TRIAL and done else [],
        "tried": order.act is Act.TRIAL,
        "election": _election(at, order),
        "alone": len(at.programmes) == 1,
        "open": [
            (number, WORDS[Left(kind)], ", ".join(codes[:NAMED]), len(codes) > NAMED)
            for kind, number, codes in result.get("open", ())
        ],
    }


def _election(at: Who, order: Order) -> str:
    """The election that an order is about, by name; its code, once it is closed; empty: none in particular."""
    code = str(order.terms.get("programme", ""))
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
            {"by": CHANNELS[Channel(channel)], "count": count, "until": until(last)}
            for channel, count, last in result["going"]
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
        "counts": [(STEPS[Step(act)], count) for act, count in own["counts"].items()],
        "duties": [
            (duty, [(_word(word), count) for word, count in counted.items()])
            for duty, counted in own.get("duties", {}).items()
        ],
        "late": own.get("late", []),
        "days": own["days"],
        "reports": [(area, duty, STEPS[Step(act)], span) for area, duty, act, span in own["reports"]],
        "more": own["more"],
        "told": own["told"],
        "warnings": own["warnings"],
    }


def _word(word: str) -> str:
    return "tetap terlambat menurut aturan lama" if word == "late" else STEPS[Step(word)]


def _difference(session: Session, at: Who, order: Order) -> Iterator[dict[str, str]]:
    """The lines that differ from the file in force; none, once the file that was sent in is forgotten."""
    kind, code, text = order.result.get("kind"), order.result.get("code"), order.terms.get("text", "")
    for stored in programmes.live(session):
        source = {"election": stored.election, "desk": stored.desk, "policy": stored.policy}.get(kind or "")
        if stored.id in at.programmes and source is not None and source.code == code and text:
            lines = unified_diff(source.text.splitlines(), text.splitlines(), "berlaku", "berkas ini", lineterm="", n=1)
            for number, own in enumerate(lines):
                if number < LINES:
                    yield {"text": own, "sign": own[:1]}
            return
