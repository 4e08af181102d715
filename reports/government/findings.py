"""What the report says besides the receipt of reports and the problems, frozen with them at the cut-off.

A report that was frozen before these were gathered has none of it (`Weekly.findings` is None), and says none of it.
"""

from dataclasses import dataclass
from datetime import datetime

from reports.government.appeals import Appeal
from reports.government.counsel import Advice, Meeting
from reports.government.outlook import Judged, Risks, Silent
from reports.government.outreach import Chased, Late
from reports.government.pictures import Picture
from reports.government.situation import Group
from reports.government.support import Prepared
from reports.government.team import Member
from reports.government.trips import Trip

NO_RISKS = Risks()


@dataclass(frozen=True, slots=True)
class Lost:
    """Of what was sent between these times the books knew nothing, since an older copy of them was put back."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it, by subject.

    `advice_withheld`: how many of them are about restricted problems. `judged_withheld`: of how many districts it is
    not told what they judge, since a restricted problem lies there. `appeals_withheld`: as of advice.
    """

    situation: tuple[Group, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    advice: tuple[Advice, ...] = ()
    advice_withheld: int = 0
    risks: Risks = NO_RISKS
    silent: tuple[Silent, ...] = ()
    judged: tuple[Judged, ...] = ()
    judged_withheld: int = 0
    late: tuple[Late, ...] = ()
    chased: tuple[Chased, ...] = ()
    photos: tuple[Picture, ...] = ()
    team: tuple[Member, ...] = ()
    trips: tuple[Trip, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    appeals_withheld: int = 0
    support: tuple[Prepared, ...] = ()
    lost: tuple[Lost, ...] = ()
