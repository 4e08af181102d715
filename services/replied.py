"""What somebody's words asked for, done by the same services as the pages, with a result for each act.

Nothing here decides about a report, gives advice or changes a contact's address: no reply may.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from models.desk import changes
from models.matters import advice, issues, tasks
from models.matters.issues import Step
from rules import indonesian, promises
from rules.advice import Answer
from rules.desk import Channel
from rules.filing import Content, Incoming, NotTaken, Via
from rules.forms import CONDITIONS, Form
from rules.incidents import DETAIL, TITLE, Incident
from rules.issues import CATEGORIES, Category, Circumstances, offered
from rules.policy import Severity
from rules.programme import Programme
from rules.replies import bodies, wording
from rules.replies.spoken import Act, Does, Intent, Values
from rules.replies.wording import Result
from services import advice as advising
from services import filing, incidents, problems, rollcalls, telling, unwanted
from services.conversing import Open
from services.doing import Doing

VIAS = {Channel.WHATSAPP: Via.WHATSAPP, Channel.SMS: Via.SMS, Channel.EMAIL: Via.EMAIL}
RECORDED = "Dicatat dari pesan masuk."
"""Why a message of an earlier day is recorded only now."""

_NOTED = 500


def run(doing: Doing) -> list[Result]:
    """Do each act; one that cannot be done says why, and the others are done."""
    return [_done(doing, act) for act in doing.reading.acts]


def _done(doing: Doing, act: Act) -> Result:
    how = _HOW.get(act.does)
    if how is None:
        return Result(act.does, act.code)
    try:
        with doing.session.begin_nested():
            return how(doing, act)
    except promises.Promised:
        return Result(act.does, act.code, refused="waktu sudah pernah diminta; mohon segera dikirim.")
    except promises.BadTime:
        return Result(Does.ASK_TIME, act.code)
    except NotTaken:
        return Result(act.does, act.code, refused="belum dapat kami proses; mohon melalui tautan.")


def _file_nil(doing: Doing, act: Act) -> Result:
    return _filed(doing, act, Content.NIL, {})


def _file_filled(doing: Doing, act: Act) -> Result:
    one = doing.talk.reports[act.code]
    form = _form(doing, one)
    values = doing.reading.values.get(act.code) or Values()
    told = doing.words.forms[form.code]
    return _filed(doing, act, Content.FILLED, bodies.body(form, told, values, doing.reading.own))


def _filed(doing: Doing, act: Act, content: Content, body: Mapping[str, object]) -> Result:
    one, office = doing.talk.reports[act.code], doing.talk.office
    assert office is not None
    owed = telling.locked(doing.session, one.item.key)
    via, came_at = VIAS[doing.row.channel], doing.row.came_at
    reason = RECORDED if came_at else ""
    incoming = Incoming(content, body, via, by=office.code, at=came_at, reason=reason, seen=one.item.versions)
    kept = filing.file(
        doing.session, one.programme, owed, _form(doing, one), incoming, hand=doing.hand, now=doing.now
    ).report
    said = doing.clock(kept.received_at)
    values = doing.reading.values.get(act.code)
    read = f" ({_spoken(doing, values)})" if content is not Content.NIL and values else ""
    return Result(act.does, act.code, doing.place(one), f"{said}, {kept.number}{read}")


def _form(doing: Doing, one: Open) -> Form:
    code = one.programme.policy.duty(one.item.duty, one.item.key).form
    return doing.forms[code]


def _spoken(doing: Doing, values: Values) -> str:
    """What was read, back in words: whoever wrote sees at once whether it is what he meant."""
    parts = [CONDITIONS[values.condition].lower()] if values.condition else []
    parts += [f"{doing.names.get(code, code)} {count}" for code, count in values.counts.items()]
    return ", ".join(parts)


def _keep_part(doing: Doing, act: Act) -> Result:
    values = doing.reading.values.get(act.code)
    return Result(act.does, act.code, told=_spoken(doing, values) if values else "")


def _promise(doing: Doing, act: Act) -> Result:
    one, office, until = doing.talk.reports[act.code], doing.talk.office, doing.reading.until
    assert office is not None
    if until is None:
        return Result(Does.ASK_TIME, act.code)
    owed = telling.locked(doing.session, one.item.key)
    filing.promise(
        doing.session, one.programme, owed, by=office.code, until=until, note=doing.reading.own[:200], now=doing.now
    )
    _record(doing, one, "promised", until=until)
    local = indonesian.local(until, office.zone)
    return Result(act.does, act.code, told=f"{local.day}/{local.month} {doing.clock(until)}")


def _record(doing: Doing, one: Open, what: str, *, until: datetime | None = None) -> None:
    """What he did. The record is never changed, so his words stand only with what he wrote, which can be forgotten."""
    place = (one.item.code, one.programme_id, one.item.id)
    changes.record(doing.session, doing.hand, what, *place, until=until, now=doing.now)


def _not_mine(doing: Doing, act: Act) -> Result:
    one, office = doing.talk.reports[act.code], doing.talk.office
    assert office is not None
    what = f"{act.code}, {one.programme.desk.area_name(one.item.area)}: {office.title} menyatakan bukan tugasnya"
    tasks.open_(
        doing.session,
        one.programme_id,
        tasks.Why.NOT_MY_TASK,
        f"{one.programme_id}/{act.code}/{office.code}",
        f"{what}. {' '.join(doing.reading.own.split())}"[:_NOTED],
        now=doing.now,
        office_id=office.id,
    )
    _record(doing, one, "not_mine")
    return Result(act.does, act.code)


def _open_problem(doing: Doing, act: Act) -> Result:
    """A problem of his own district; of whoever reports for several, a person asks which."""
    office = doing.talk.office
    assert office is not None
    own = [(id, p, area) for id, p in doing.talk.programmes.items() for area in p.desk.reports_for(office.code)]
    own = [one for one in own if one[0] == doing.row.programme_id] or own
    if len({area for _, _, area in own}) != 1:
        return Result(Does.TO_SECRETARIAT)
    programme_id, programme, area = own[0]
    known = offered(programme.election.categories)
    category = doing.reading.category if doing.reading.category in known else _usual(known)
    said = " ".join(doing.reading.own.split())
    incident = Incident(
        area,
        category,
        Severity.HIGH if doing.reading.danger else Severity.MEDIUM,
        f"{CATEGORIES[category]}: {said}"[:TITLE],
        doing.reading.own[:DETAIL],
        Circumstances(),
    )
    matter, _ = incidents.report(
        doing.session, programme_id, programme, incident, once=doing.row.key, hand=doing.hand, now=doing.now
    )
    return Result(act.does, act.code, told=matter.code)


def _usual(known: tuple[Category, ...]) -> Category:
    return Category.POLLING_PLACE if Category.POLLING_PLACE in known else known[0]


def _note_problem(doing: Doing, act: Act) -> Result:
    matter = issues.locked(doing.session, doing.talk.problems[act.code].key)
    said = problems.words(doing.reading.own)
    if matter.owner_id == doing.hand.office_id:
        problems.advise(doing.session, matter, Step.FOLLOWED_UP, hand=doing.hand, text=said, now=doing.now)
    else:
        problems.noted(doing.session, matter, Step.REPORTED, hand=doing.hand, text=said, now=doing.now)
    return Result(act.does, act.code)


def _acknowledge(doing: Doing, act: Act) -> Result:
    """A report is only noted as read: its chase goes on. An advice is confirmed, as its page does."""
    if act.code in doing.talk.reports:
        return Result(act.does, act.code)
    given, programme = _given(doing, act.code)
    advising.answer(doing.session, programme, given, Answer.RECEIVED, hand=doing.hand, now=doing.now)
    return Result(act.does, act.code, told="confirmed")


def _claim(doing: Doing, act: Act) -> Result:
    if act.code in doing.talk.reports:
        return Result(
            act.does, act.code, told=f"{act.code} belum ada pada kami; mohon dikirim di sini atau lewat tautan."
        )
    given, programme = _given(doing, act.code)
    advising.done(doing.session, programme, given, text=doing.reading.own[:_NOTED], hand=doing.hand, now=doing.now)
    return Result(act.does, act.code, told=f"{act.code}: pelaksanaannya kami sampaikan kepada pemberinya.")


def _given(doing: Doing, code: str) -> tuple[advice.Given, Programme]:
    for id, programme in doing.talk.programmes.items():
        if (given := advice.by_code(doing.session, id, code)) is not None:
            return advice.locked(doing.session, given.matter.key), programme
    raise NotTaken(f"{code}: no such advice")


def _confirm_contact(doing: Doing, act: Act) -> Result:
    """He answers for what he wrote from, and for nothing that he does not see."""
    office = doing.talk.office
    assert office is not None
    rollcalls.confirm(doing.session, office, came_by=doing.row.contact_id, alone=True, hand=doing.hand, now=doing.now)
    return Result(act.does, act.code)


def _which(doing: Doing, act: Act) -> Result:
    """The three whose time is nearest. Where all are of one place their times tell them apart.

    Where nothing is owed there is nothing to choose from: a nil is over then, and anything else goes to a person.
    """
    nearest = _nearest(doing)[:3]
    if not nearest:
        nil = doing.reading.intent is Intent.REPORT_NIL
        return Result(Does.CLAIM, told=wording.NOTHING_OWED) if nil else Result(Does.TO_SECRETARIAT)
    alike = len(nearest) > 1 and len({doing.place(one) for _, one in nearest}) == 1
    codes = [f"{code} {doing.due(one) if alike else doing.place(one)}" for code, one in nearest]
    return Result(act.does, told=indonesian.listed(codes, "atau"))


def _nearest(doing: Doing) -> list[tuple[str, Open]]:
    """What is owed, by code, the nearest in time first."""
    return sorted(doing.talk.reports.items(), key=lambda own: abs(own[1].item.judged_by - doing.now))


def _confirm(doing: Doing, act: Act) -> Result:
    """What is asked back once: a nil, or what else it seems to be."""
    if doing.talk.rule.roll_call and act.code == doing.talk.rule.roll_call:
        return Result(Does.ASK_CONTACT, act.code)
    open_ = ", ".join(list(doing.talk.problems)[:2])
    reports = doing.reading.intent.value.startswith("report")
    if not act.code or not reports:
        return _answer_help(doing, Act(Does.ANSWER_HELP))
    nil = doing.reading.intent.value == "report_nil"
    meant = wording.NIL_MEANT if nil else "apakah laporan ini benar?"
    return Result(act.does, act.code, told=f"{meant}{f' {open_} masih terbuka.' if nil and open_ else ''}")


def _answer_help(doing: Doing, act: Act) -> Result:
    office = doing.talk.office
    if office is None or not any(p.desk.reports_for(office.code) for p in doing.talk.programmes.values()):
        return Result(Does.TO_SECRETARIAT)  # it files nothing, and is told that people read it
    due = ", ".join(f"{code} {doing.due(one)}" for code, one in _nearest(doing)[:2])
    return Result(act.does, told=f"Masih ditunggu: {due}." if due else "")


_HOW: Mapping[Does, Callable[[Doing, Act], Result]] = {
    Does.FILE_NIL: _file_nil,
    Does.FILE_FILLED: _file_filled,
    Does.FILE_PARTIAL: _keep_part,
    Does.HOLD_PROMISE: _promise,
    Does.NOT_MINE: _not_mine,
    Does.OPEN_PROBLEM: _open_problem,
    Does.NOTE_PROBLEM: _note_problem,
    Does.ACK: _acknowledge,
    Does.CLAIM: _claim,
    Does.CONFIRM_CONTACT: _confirm_contact,
    Does.STOP_CHANNEL: unwanted.stop,
    Does.SUSPEND_CONTACT: unwanted.suspend,
    Does.ASK_WHICH: _which,
    Does.ASK_CONFIRM: _confirm,
    Does.ANSWER_HELP: _answer_help,
}
