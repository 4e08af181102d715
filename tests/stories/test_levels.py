"""A regency's report files what the regency owes to its province, and the province's letter is made of it."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import acting
from jobs.operator import packages as operator
from jobs.operator.refusals import Refusal
from jobs.turn import compile
from jobs.turn import levels as turn
from models.desk.files import Files
from models.matters import documents, submissions
from models.matters.arrivals import Arrival
from models.matters.obligations import Obligation
from reports.government import facts as weekly
from reports.government import figures
from reports.government import letter as paper
from rules.arrivals import Fate
from rules.filing import Standing, Via
from rules.packages import BadPackage, Flaw, spoken
from rules.submissions import State
from services import packages
from services.packages import Made

ROOT = Path(__file__).parents[2]
PROVINCE = "pemilihan/contoh-kalimantan-selatan"
OWN = "pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W07"
LETTER = f"{PROVINCE}/laporan-mendagri/63/2024-W07"
NEIGHBOUR = f"{PROVINCE}/mingguan/63.05/2024-W07"
OWED = f"{PROVINCE}/mingguan/63.04/2024-W07"


@pytest.fixture
def both(desk):
    """A regency's desk, and its province's in the same installation."""
    files = ("desks/contoh-kalimantan-selatan.yaml", "policies/provinsi.yaml")
    desk.load([desk.documents[0], *(loader.read(ROOT / "config" / file) for file in files)])
    desk.owes_only(OWN, OWED, NEIGHBOUR, LETTER, desk.key("harian", "Tamban", "H-6"))
    return desk


def compiled(desk, key=OWN):
    with desk.rt.sessions.begin() as session:
        own = session.get(Obligation, desk.matter(key).id)
        return submissions.last(session, own.id)


def sends(desk, key=OWN):
    """The newest version leaves, and the clock turns; every version that arrived above."""
    with desk.rt.sessions.begin() as session:
        version = submissions.last(session, desk.matter(key).id)
        submissions.change(session, version.id, state=State.SENT)
    turn.run(desk.rt, now=desk.clock.at)
    with desk.rt.sessions.begin() as session:
        return session.scalars(select(Arrival).order_by(Arrival.id)).all()


def corrects(desk, facts):
    """A second version of what was compiled."""
    with desk.rt.sessions.begin() as session:
        first = submissions.last(session, desk.matter(OWN).id)
        own = {"version": 2, "facts": weekly.to_json(facts), "facts_digest": weekly.digest(facts)}
        same = {n: getattr(first, n) for n in ("obligation_id", "name", "cut_off_at", "frozen_at")}
        session.add(submissions.Submission(**same, **own, state=State.APPROVED, edition=0))


@pytest.fixture
def week(both):
    """A week of the regency, compiled."""
    both.clock.jumps("H-6 10:00")
    both.has_a_problem("Gudang bocor")
    both.has_a_problem("Rahasia", restricted=True)
    both.files(both.key("harian", "Tamban", "H-6"))
    both.clock.jumps("H 18:01")
    compile.run(both.rt, now=both.clock.at)
    return both


def test_what_the_regency_sent_is_the_report_that_it_owes_its_province(week):
    (arrival,) = sends(week)

    (report,) = week.reports(OWED)
    printed = figures.printed(weekly.from_json(compiled(week).facts))
    assert (arrival.fate, arrival.report_id, report.via) == (Fate.COUNTS, report.id, Via.DESK)
    assert week.obligation(OWED).standing is Standing.RECEIVED
    assert report.title == "Desk Kab. Barito Kuala"
    numbers = report.body["indicators"]["laporan"]["numbers"]
    assert (numbers["laporan-wajib"], numbers["laporan-diterima"]) == (
        printed["reports.owed"],
        printed["reports.received"],
    )
    assert report.body["indicators"]["permasalahan"]["condition"] == "troubled"


def test_sent_twice_it_is_one_report(week):
    sends(week)

    assert len(sends(week)) == 1
    assert len(week.reports(OWED)) == 1


def test_other_regencies_still_owe_theirs(week):
    sends(week)

    assert week.obligation(NEIGHBOUR).standing is Standing.OWED


def test_a_correction_counts_and_the_first_version_stays(week):
    sends(week)
    facts = weekly.from_json(compiled(week).facts)
    corrects(week, weekly.from_json(weekly.to_json(facts).replace("Gudang bocor", "Gudang roboh")))
    week.clock.jumps("H+1 09:00")

    first, second = sends(week)

    assert [(a.version, a.fate) for a in (first, second)] == [(1, Fate.COUNTS), (2, Fate.COUNTS)]
    assert [r.id for r in week.reports(OWED)] == sorted({first.report_id, second.report_id})


def test_what_is_waived_above_is_kept_and_does_not_count(week):
    week.waives(OWED, "Banjir besar", by="Sekretariat Desk")

    (arrival,) = sends(week)

    assert (arrival.fate, arrival.report_id) == (Fate.UNOWED, None)
    assert week.reports(OWED) == []


def test_a_desk_without_a_province_here_sends_as_before(desk):
    desk.clock.jumps("H 18:01")
    compile.run(desk.rt, now=desk.clock.at)

    assert sends(desk) == []


def letter(desk):
    """The facts of the province's letter of that week."""
    desk.clock.jumps("H+1 18:01")
    compile.run(desk.rt, now=desk.clock.at)
    return weekly.from_json(compiled(desk, LETTER).facts)


def test_the_letter_of_the_province_tells_what_its_regencies_sent(week):
    sends(week)

    facts = letter(week)

    printed = figures.printed(facts)
    assert (facts.header.unit, facts.header.to) == ("kabupaten/kota", "Menteri Dalam Negeri")
    assert (printed["district.63.04.received"], printed["district.63.05.missing"]) == (1, 1)
    assert [(p.district, p.title) for p in facts.problems] == [("63.04", "Gudang bocor")]
    assert facts.problems[0].code.startswith("63.04/P-")
    assert facts.restricted == 1


def test_what_a_regency_tells_after_its_week_the_province_tells_after_its_own(both):
    both.clock.jumps("H-6 10:00")
    both.has_a_problem("Gudang bocor")
    both.clock.jumps("H-1 10:00")
    both.has_a_problem("Jembatan putus")
    both.has_a_problem("Rahasia", restricted=True)
    both.clock.jumps("H 18:01")
    compile.run(both.rt, now=both.clock.at)
    sends(both)

    facts = letter(both)

    assert [(p.district, p.title) for p in facts.problems] == [("63.04", "Gudang bocor")]
    assert [(p.district, p.title) for p in facts.since.problems] == [("63.04", "Jembatan putus")]
    assert (facts.restricted, facts.since.restricted) == (0, 1)
    assert "Jembatan putus" in str([own for own in paper.document(facts).chapters if own.code == "since"])


def test_nothing_restricted_of_a_regency_is_read_at_the_province(week):
    sends(week)

    assert "Rahasia" not in weekly.to_json(letter(week))


def test_what_comes_after_the_cut_off_of_the_province_is_not_in_its_letter(week):
    week.clock.jumps("H+1 18:00")
    facts = letter(week)
    sends(week)

    assert facts.problems == ()
    assert weekly.to_json(letter(week)) == weekly.to_json(facts)


def test_the_newest_version_at_the_cut_off_is_told(week):
    sends(week)
    facts = weekly.from_json(compiled(week).facts)
    corrects(week, weekly.from_json(weekly.to_json(facts).replace("Gudang bocor", "Gudang roboh")))
    week.clock.jumps("H+1 09:00")
    sends(week)

    assert [p.title for p in letter(week).problems] == ["Gudang roboh"]


SECRET = b"another installation"
MADE = (Made("laporan.pdf", "pdf", b"%PDF-1.7"),)


def sent(desk, *, secret=SECRET, **change):
    """The regency's version as a package, as if its desk lived elsewhere; opened at the province."""
    version = compiled(desk)
    for name, value in change.items():
        setattr(version, name, value)
    with desk.rt.sessions.begin() as session:
        own = session.get(Obligation, desk.matter(OWN).id)
        return packages.opened(packages.sealed(desk.programme, own, version, MADE, secret=secret))


def of_version(desk, number, title="Gudang roboh"):
    head = weekly.from_json(compiled(desk).facts)
    facts = replace(head, header=replace(head.header, version=number))
    return {"version": number, "facts": weekly.to_json(facts).replace("Gudang bocor", title)}


def takes(desk, package, *, trust=False):
    with desk.rt.sessions.begin() as session:
        programmes = {id: p for id, p in desk.rt.live(session).items() if p.code == PROVINCE}
        (programme,) = programmes.values()
        hand = acting.hand(session, programme, "sekretariat-desk")
        judged = packages.judged(session, programmes, package)
        form = desk.rt.form(judged.to.duty.form)
        return packages.taken(session, judged.to, form, package, trust=trust, hand=hand, now=desk.clock.at)


def refused(desk, package, **how):
    with pytest.raises(BadPackage) as error:
        takes(desk, package, **how)
    return error.value.flaw


def test_a_package_counts_once_its_key_was_compared(week):
    package = sent(week)

    assert refused(week, package) is Flaw.NEW_KEY
    assert week.reports(OWED) == []
    arrival = takes(week, package, trust=True)

    assert (arrival.fate, arrival.key) == (Fate.COUNTS, packages.public(SECRET))
    assert week.obligation(OWED).standing is Standing.RECEIVED
    assert takes(week, package).id == arrival.id


def test_a_key_that_was_compared_is_not_asked_for_again_and_another_is(week):
    takes(week, sent(week), trust=True)

    assert takes(week, sent(week, **of_version(week, 2))).fate is Fate.COUNTS
    stranger = sent(week, secret=b"somebody else", **of_version(week, 3))
    assert refused(week, stranger) is Flaw.OTHER_KEY
    assert takes(week, stranger, trust=True).version == 3


def test_an_older_version_after_a_newer_one_is_history(week):
    takes(week, sent(week, **of_version(week, 2)), trust=True)

    late = takes(week, sent(week))

    assert (late.fate, late.report_id) == (Fate.HISTORY, None)
    assert len(week.reports(OWED)) == 1
    assert [p.title for p in letter(week).problems] == ["Gudang roboh"]


def test_a_version_that_came_before_with_other_facts_is_refused(week):
    takes(week, sent(week), trust=True)

    assert refused(week, sent(week, **of_version(week, 1))) is Flaw.OTHER


def test_a_package_that_does_not_agree_with_its_facts_is_refused(week):
    assert refused(week, sent(week, version=2), trust=True) is Flaw.UNFITTING


def test_a_package_of_a_desk_that_nobody_here_is_above_is_refused(week):
    package = sent(week)
    elsewhere = package._replace(manifest=replace(package.manifest, area="64.01"))
    other_kind = package._replace(manifest=replace(package.manifest, kind="laporan-lain"))
    other_election = package._replace(manifest=replace(package.manifest, election="pilkada-2024"))

    assert [refused(week, one) for one in (elsewhere, other_election, other_kind)] == [
        Flaw.NOT_OURS,
        Flaw.NOT_OURS,
        Flaw.NOT_TAKEN,
    ]


@pytest.fixture
def installation(week, tmp_path):
    """Folders of an installation, and the letter made."""
    week.rt.documents, week.rt.files = tmp_path, Files(tmp_path / "files")
    week.rt.package_key = lambda: SECRET
    with week.rt.sessions.begin() as session:
        own = submissions.last(session, week.matter(OWN).id)
        for document, _ in documents.of(session, [own.id]):
            (tmp_path / f"laporan.{document.form}").write_bytes(b"%PDF-1.7")
            documents.made(session, document.id, f"laporan.{document.form}", sha256(b"%PDF-1.7").hexdigest())
    return week


def leaves(desk):
    with desk.rt.sessions.begin() as session:
        own = submissions.last(session, desk.matter(OWN).id)
        submissions.change(session, own.id, state=State.SENT)


def test_an_operator_writes_a_package_and_takes_it_in(installation, tmp_path):
    with pytest.raises(Refusal, match="belum dikirim"):
        operator.export(installation.rt, OWN, tmp_path)
    leaves(installation)
    file = operator.export(installation.rt, OWN, tmp_path)

    seen = operator.look(installation.rt, file)
    with pytest.raises(Refusal, match="nobody has compared"):
        operator.take(installation.rt, file, by="sekretariat-desk", trust=False)
    arrival = operator.take(installation.rt, file, by="sekretariat-desk", trust=True)

    assert file.name == "paket-tiga-kecamatan-laporan-gubernur-2024-W07-v1.zip"
    assert "nobody has compared" in seen.doubt
    assert seen.key == spoken(operator.key(installation.rt))
    assert arrival.fate is Fate.COUNTS
    assert operator.look(installation.rt, file).doubt == ""


def test_what_came_by_itself_is_not_filed_again_by_its_package(installation, tmp_path):
    (by_itself,) = sends(installation)
    file = operator.export(installation.rt, OWN, tmp_path)

    assert operator.take(installation.rt, file, by="sekretariat-desk", trust=True).id == by_itself.id


def test_a_changed_package_says_so_to_the_operator(installation, tmp_path):
    leaves(installation)
    file = operator.export(installation.rt, OWN, tmp_path)
    file.write_bytes(file.read_bytes().replace(b"Gudang bocor", b"Gudang rubuh"))

    with pytest.raises(Refusal, match="was changed after it was signed"):
        operator.look(installation.rt, file)


def test_two_desks_write_no_file_of_one_name(week):
    letter(week)

    with week.rt.sessions.begin() as session:
        names = [version.name for version in submissions.all_of(session)]
    assert len(set(names)) == len(names) > 1
    assert names[0].startswith("tiga-kecamatan-")


def test_a_batch_that_was_cut_off_goes_on_where_it_stopped(both):
    """The process ends when the second of several reports is gathered; the first is not gathered again."""
    both.clock.jumps("H+1 18:01")
    asked, forms = [], both.rt.forms

    def ends():
        asked.append(1)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return forms()

    both.rt.forms = ends
    with pytest.raises(KeyboardInterrupt):
        compile.run(both.rt, now=both.clock.at)
    (first,) = _frozen(both)

    rest = compile.run(both.rt, now=both.clock.at)

    assert rest == len(_frozen(both)) - 1 > 0
    assert [first.id, first.frozen_at] == [_frozen(both)[0].id, _frozen(both)[0].frozen_at]


def _frozen(desk):
    with desk.rt.sessions.begin() as session:
        return submissions.all_of(session)
