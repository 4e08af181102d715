"""What is open with whoever wrote: what his office owes, its problems and advice, and what was asked back last."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.matters import advice, following, owing, rollcalls
from models.matters.matters import Matter
from models.matters.owing import Item
from models.messages import inbound, messages
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.offices.offices import Contact, Office
from rules.advice import Sort
from rules.forms import Condition, Form
from rules.programme import Programme
from rules.replies.reports import CONDITION
from rules.replies.spoken import Asked, Conversation, Does, Intent, Sender, Values, Waits, Words
from services import arriving

REMEMBERED = timedelta(hours=12)
"""For how long an answer to what was asked back is one."""

ON_ITS_PAGE = ("*",)
"""What a report needs that only its page can take."""


class Open(NamedTuple):
    """One thing that is open, with its election."""

    programme_id: int
    programme: Programme
    item: Item


class Talk(NamedTuple):
    """What is known of a conversation: as the rules read it, and the rows behind it, by code."""

    rule: Conversation
    reports: Mapping[str, Open]
    problems: Mapping[str, Matter]
    office: Office | None
    programmes: Mapping[int, Programme]


def gather(
    session: Session,
    row: Inbound,
    live: Mapping[int, Programme],
    forms: Mapping[str, Form],
    words: Words,
    *,
    now: datetime,
) -> Talk:
    """What is open with whoever wrote a message."""
    office = session.get(Office, row.office_id) if row.office_id else None
    if office is None:
        return Talk(Conversation(Sender.UNKNOWN), {}, {}, None, {})
    own = arriving.programmes_of(live, office)
    codes = _offices(session, row, office)
    reports = {
        item.code: Open(id, programme, item)
        for id, programme in own.items()
        for item in _owed(session, id, programme, codes, now)
    }
    problems = _problems(session, own, office, now)
    given = [one for one in advice.waiting(session, list(own), office.id) if one.advice.sort is not Sort.MEETING]
    earlier = inbound.before(session, row)
    kept = _kept(session, row, now) if row.contact_id else {}
    asked = [_asked(one, forms, words, kept.get(code)) for code, one in reports.items()]
    districts = {d.name for programme in own.values() for d in programme.desk.districts}
    talk = Conversation(
        sender=row.sender,
        asked=asked,
        problems=tuple(problems),
        advice=[one.matter.code for one in given],
        roll_call=_roll_call(session, row, office, now),
        others=sorted(districts - _names(own, codes)),
        last=_last(session, row),
        waits=_waits(earlier, now),
    )
    return Talk(talk, reports, problems, office, own)


def _roll_call(session: Session, row: Inbound, office: Office, now: datetime) -> str:
    """The roll call that whoever wrote can answer: his office's, or that about the one number he wrote from."""
    contact = session.get(Contact, row.contact_id) if row.contact_id else None
    if contact is None or contact.state is not Contact.State.ACTIVE:
        return ""
    open_ = rollcalls.waiting(session, office.id, now=now)
    own = [one.matter.code for one in open_ if one.call.contact_id in (None, contact.id)]
    return own[0] if own else ""


def _last(session: Session, row: Inbound) -> str:
    """Our text that he answers, if that is known; else the last that went to him."""
    answered = session.get(Message, row.message_id) if row.message_id else None
    if answered is not None:
        return answered.text
    return messages.last_text(session, row.contact_id, before=row.received_at) if row.contact_id else ""


def _offices(session: Session, row: Inbound, office: Office) -> list[str]:
    """The office that wrote; of a shared phone every office it may be."""
    if row.sender is not Sender.SHARED or row.contact_id is None:
        return [office.code]
    contact = session.get_one(Contact, row.contact_id)
    alike = inbound.at_address(session, arriving.PHONES, contact.address)
    return sorted({session.get_one(Office, own.office_id).code for own in [contact, *alike]})


def _owed(session: Session, id: int, programme: Programme, codes: Sequence[str], now: datetime) -> list[Item]:
    """What these offices owe for districts of which they are the one that reports; nothing of another's."""
    areas = [area for code in codes for area in programme.desk.reports_for(code)]
    return [item for item in owing.open_(session, id, areas, now=now) if item.returned_until is None]


def _names(own: Mapping[int, Programme], codes: Sequence[str]) -> set[str]:
    return {
        programme.desk.district(area).name
        for programme in own.values()
        for code in codes
        for area in programme.desk.reports_for(code)
    }


def _problems(session: Session, own: Mapping[int, Programme], office: Office, now: datetime) -> dict[str, Matter]:
    """By code, the open problems of its districts, and those that it has or reported."""
    found: dict[str, Matter] = {}
    for id, programme in own.items():
        areas = programme.desk.reports_for(office.code)
        for one in following.reported(session, id, areas, office.id, since=now):
            if one.matter.closed_at is None:
                found[one.matter.code] = one.matter
    return found


def _asked(one: Open, forms: Mapping[str, Form], words: Words, kept: Values | None) -> Asked:
    duty = one.programme.policy.duty(one.item.duty, one.item.key)
    told = words.forms.get(duty.form) if duty.form in forms else None
    return Asked(
        one.item.code,
        one.programme.desk.area_name(one.item.area).partition(" ")[2] or one.item.area,
        one.item.due_at,
        duty.nil,
        told.needs if told else ON_ITS_PAGE,
        kept,
    )


def _waits(earlier: Inbound | None, now: datetime) -> Waits | None:
    """What was asked back last, if nothing else was said since."""
    if earlier is None or not earlier.waits or now - earlier.received_at > REMEMBERED:
        return None
    waits = earlier.waits
    then = Does(waits["then"]) if waits.get("then") else None
    return Waits(Does(waits["does"]), waits.get("code", ""), then, earlier.text)


def _kept(session: Session, row: Inbound, now: datetime) -> dict[str, Values]:
    """By report, what earlier messages said of it, the latest word last.

    A trouble, or a word that took it back, leaves no condition: what was safe before is asked anew.
    """
    kept: dict[str, Values] = {}
    assert row.contact_id is not None
    for earlier in inbound.of_contact(session, row.contact_id, since=now - REMEMBERED):
        if earlier.id >= row.id or earlier.read_at is None:
            continue
        missing = earlier.said.get("missing", {})
        for code in [*kept]:
            if earlier.intent == Intent.PROBLEM or CONDITION in missing.get(code, ()):
                kept[code] = replace(kept[code], condition=None)
        for does, code in earlier.acts:
            if does == Does.FILE_PARTIAL and code in earlier.said.get("values", {}):
                kept[code] = values_of(earlier.said["values"][code]).over(kept.get(code))
    return kept


def written(values: Values) -> dict[str, Any]:
    """What was read of a report, as the books keep it."""
    return {
        "condition": values.condition.value if values.condition else None,
        "counts": dict(values.counts),
        "totals": dict(values.totals),
        "doubtful": list(values.doubtful),
    }


def values_of(kept: Mapping[str, Any]) -> Values:
    """The same, read back; what is doubtful stays behind."""
    condition = kept.get("condition")
    return Values(Condition(condition) if condition else None, dict(kept["counts"]), dict(kept["totals"]))
