"""Whether texts keep all their words beside links of our length. Said before anybody gets a shortened text."""

from itertools import permutations

from sqlalchemy.orm import Session

from config.errors import Finding
from config.shelf import Shelf
from jobs.operator.looks import Found, State
from jobs.runtime import Runtime
from models.desk import programmes
from notifiers.fitting import losses
from rules.programme import Programme


def look(session: Session, url: str) -> Found:
    """Look at all live programmes. It is a warning if the salutation or the link is left out."""
    live = list(Shelf().stocked(programmes.live(session)).readable.values())
    several = {p.desk.code for p, q in permutations(live, 2) if p.desk.code == q.desk.code}
    lost_by = {p.code: losses(p, url, several=p.desk.code in several) for p in live}
    told = "; ".join(f"{code}: texts {lost}" for code, lost in lost_by.items() if str(lost))
    if any(lost.bare for lost in lost_by.values()):
        return Found(State.WARN, told, "use a shorter DESK_PUBLIC_URL, or a shorter brand and sms_name")
    return Found(State.OK, told or "every text keeps all its words")


def warnings(rt: Runtime, code: str) -> list[Finding]:
    """Warnings for a programme that was just loaded."""
    programme = next((p for p in rt.programmes.values() if p.code == code), None)
    if programme is None:
        return []
    lost = str(losses(programme, rt.public_url, several=rt.shares_desk(programme))) if rt.public_url else ""
    remedy = "They stay understood; a shorter DESK_PUBLIC_URL, brand or sms_name leaves more room"
    shortened = [Finding(code, 0, "", f"with links of {rt.public_url} texts {lost}", remedy)] if lost else []
    return shortened + _namesakes(rt, programme)


def _namesakes(rt: Runtime, programme: Programme) -> list[Finding]:
    """A warning if texts call other elections of its desk by the same name."""
    name, desk = programme.election.short, programme.desk.code
    others = [p.code for p in rt.programmes.values() if p.desk.code == desk and p.election.short == name]
    what = f"texts call it {name}, as they call {', '.join(code for code in others if code != programme.code)}"
    remedy = "Give each election an `sms_name:` of its own, at most 15 characters"
    return [Finding(programme.code, 0, "", what, remedy)] if len(others) > 1 else []
