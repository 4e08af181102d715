"""Who writes to whom about which days, on what legal bases, and what the regency counts of polling."""

from dataclasses import replace

from sqlalchemy.orm import Session

from models.desk import folios as desk_folios
from models.matters.obligations import Obligation
from reports.government import facts
from rules.government import ReportKind, for_election
from rules.indonesian import local_date
from rules.programme import Programme
from services import folios
from services.government import stages
from services.government.bounds import Bounds
from services.government.scope import TICK


def header(
    session: Session, programme: Programme, kind: ReportKind, own: Obligation, hours: Bounds | None
) -> facts.Header:
    """The head of the letter, but its subject and how urgent it is. Raises: KeyError: nobody is addressed."""
    desk, election = programme.desk, programme.election
    usual = desk.addressees[election.code]
    addressee = usual.kinds.get(kind.code, usual)
    signs = desk.signs(local_date(own.opens_at, own.zone))
    leaf = desk_folios.of(session, desk.code)
    return facts.Header(
        desk=desk.name,
        regency=desk.regency,
        province=desk.province,
        seat=desk.seat,
        signatory=signs.signatory,
        to=addressee.to,
        attention=addressee.attention,
        place=addressee.place,
        copies=addressee.copies,
        election=election.name,
        subject="",
        period_start=own.period_start,
        period_end=own.period_end,
        cut_off=own.opens_at,
        zone=own.zone,
        policy_digest=programme.policy.digest,
        calendar_digest=programme.digest,
        level=desk.level,
        letterhead=signs.letterhead,
        address=desk.address,
        book=folios.words(leaf, own.zone) if leaf else "",
        crest=desk.crest,
        begins_at=(hours.after + TICK).replace(microsecond=0) if hours else None,
        ends_at=hours.until.replace(microsecond=0) if hours else None,
    )


def looked_up(gathered: facts.Weekly, public_url: str) -> facts.Weekly:
    """The facts with the address at which anybody looks up the code on the letter; without pages there is none."""
    check_at = f"{public_url}/cek" if public_url else ""
    return replace(gathered, header=replace(gathered.header, check_at=check_at))


def legal_bases(programme: Programme, kind: ReportKind, own: Obligation) -> tuple[str, ...]:
    """What the report is based on, with the regulations of the stages as they were known at the cut-off."""
    desk, code = programme.desk, programme.election.code
    lists = {
        "decree": [str(desk.decree)] if desk.decree else [],
        "letters": for_election(desk.letters, code) or (),
        "regulations": [version.legal_basis for _, version in stages.followed(programme, own)],
    }
    return kind.based(code, lists)


def polling(programme: Programme) -> facts.Polling | None:
    """What the desk's file says of this election; None: nothing."""
    known = programme.desk.polling.get(programme.election.code)
    return facts.Polling(known.stations, known.voters, known.source) if known else None
