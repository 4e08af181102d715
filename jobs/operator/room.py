"""Whether texts keep all their words beside links of our length. Said before anybody gets a shortened text."""

from itertools import permutations
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from config.errors import Finding
from config.settings import Settings
from config.shelf import Shelf
from jobs.operator.looks import Found, State
from jobs.runtime import Runtime
from models.desk import programmes
from notifiers.fitting import losses
from rules.desk import Channel
from rules.programme import Programme


def look(session: Session, url: str) -> Found:
    """Look at all live programmes. It is a warning if the salutation or the link is left out, or one is wrong."""
    live = list(Shelf().stocked(programmes.live(session)).readable.values())
    several = {p.desk.code for p, q in permutations(live, 2) if p.desk.code == q.desk.code}
    lost_by = {p.code: losses(p, url, several=p.desk.code in several) for p in live}
    told = "; ".join(f"{code}: texts {lost}" for code, lost in lost_by.items() if str(lost))
    if any(lost.serious for lost in lost_by.values()):
        return Found(State.WARN, told, "use a shorter DESK_PUBLIC_URL, or other words in brand and sms_name")
    return Found(State.OK, told or "every text keeps all its words")


def terms(session: Session, settings: Settings) -> Found:
    """Whether the sender, the answers and the links of each desk are what carriers and people expect."""
    account = settings.twilio if Channel.SMS in settings.by_twilio else None
    sender, answered = account.sms_from if account else "", Channel.SMS in settings.answered
    host = urlsplit(settings.public_url).hostname or ""
    live = Shelf().stocked(programmes.live(session)).readable.values()
    faults = {fault for own in live for fault in own.country.of_sender(sender, own.desk.brand, answered=answered)}
    faults |= {fault for own in live for fault in own.country.of_link(host)}
    if faults:
        return Found(State.WARN, "; ".join(sorted(faults)), "see config/countries: terms of carriers, and no law")
    return Found(State.OK, "sender, answers and links are as carriers ask")


def warnings(rt: Runtime, programme: Programme) -> list[Finding]:
    """Warnings for a programme that was just loaded or amended, or is to be."""
    lost = str(losses(programme, rt.public_url, several=rt.shares_desk(programme))) if rt.public_url else ""
    remedy = "They stay understood; a shorter DESK_PUBLIC_URL, brand or sms_name leaves more room"
    code = programme.code
    shortened = [Finding(code, 0, "", f"with links of {rt.public_url} texts {lost}", remedy)] if lost else []
    return shortened + _namesakes(rt, programme)


def _namesakes(rt: Runtime, programme: Programme) -> list[Finding]:
    """A warning if texts call other elections of its desk by the same name."""
    name, desk = programme.election.short, programme.desk.code
    others = [p.code for p in rt.programmes.values() if p.desk.code == desk and p.election.short == name]
    what = f"texts call it {name}, as they call {', '.join(code for code in others if code != programme.code)}"
    remedy = "Give each election an `sms_name:` of its own, at most 15 characters"
    return [Finding(programme.code, 0, "", what, remedy)] if len(others) > 1 else []
