"""Reading the same twice, reading what does not fit together, and what is allowed but may not be meant."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import loader
from config.errors import ConfigError
from rules.desk import Audience
from rules.ladder import Say

SIX_DAYS = ("closed_days: {hold: [routine, support],", "closed_days: {hold: [routine, support], weekdays: [sunday],")


def changed(document, *edits):
    text = document.text
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return loader.parse(text, document.name)


def test_the_same_file_twice_has_the_same_digest(files):
    assert loader.read(files.desk.name).digest == files.desk.digest
    assert loader.read(files.desk.name) == files.desk


def test_a_comment_does_not_change_the_digest(files):
    again = loader.parse("# a word\n" + files.policy.text, files.policy.name)

    assert again.digest == files.policy.digest
    assert again.value == files.policy.value


def test_another_value_changes_the_digest(files):
    assert changed(files.policy, ("cooling: PT4H", "cooling: PT5H")).digest != files.policy.digest


def test_the_programme_has_a_digest_of_all_it_is_made_of(files):
    first = loader.programme(files.election, files.desk, files.policy)
    other = loader.programme(files.election, files.desk, changed(files.policy, ("cooling: PT4H", "cooling: PT5H")))

    assert loader.programme(files.election, files.desk, files.policy) == first
    assert other.digest != first.digest
    assert len(first.digest) == 64


def test_files_in_the_wrong_order_are_told_apart(files):
    with pytest.raises(ConfigError, match="holds a desk where a file of the kind election is needed"):
        loader.programme(files.desk, files.election, files.policy)


def test_a_stage_the_election_lacks_is_an_error_at_the_line_of_the_duty(files):
    election = changed(files.election, ("role: recapitulation_regency", "role: rekap"))

    with pytest.raises(ConfigError) as refused:
        loader.programme(election, files.desk, files.policy)

    line = files.policy.text.splitlines().index("  - code: akhir") + 1
    assert f"default.yaml:{line}: akhir hangs on a stage 'recapitulation_regency'" in str(refused.value)


def test_a_blank_date_is_allowed_and_told(files):
    text = "start: 2024-02-17\n        end: 2024-03-05"
    election = changed(files.election, (text, "start:\n        end:"))

    programme = loader.programme(election, files.desk, files.policy)
    told = [str(finding) for finding in loader.warnings(election, files.desk, files.policy)]

    assert not [o for o in programme.obligations() if o.duty == "akhir"]
    assert any("akhir makes no report: the end of recapitulation_regency is blank" in text for text in told)


def test_our_own_files_need_no_warning(files):
    assert loader.warnings(files.election, files.desk, files.policy) == []
    assert loader.warnings(files.election, files.jayapura, files.policy) == []


def test_a_desk_that_nobody_can_telephone_is_told(files):
    desk = changed(
        files.jayapura, ('secretariat_phone: "+62 820 0000 0079"', ""), ("desk: contoh-jayapura", "desk: contoh")
    )

    told = loader.warnings(files.election, desk, files.policy)

    assert ["gives no number to call for help" in str(finding) for finding in told] == [True]


def test_the_secretariat_may_have_a_fixed_line_and_another_number_for_whatsapp(files):
    desk = changed(
        files.desk,
        ('secretariat_phone: "+62 820 0000 0034"', 'secretariat_phone: "(0511) 4799123"'),
        ('secretariat_whatsapp: "+62 820 0000 0035"', "secretariat_whatsapp: 0812-3456-7890"),
    ).value

    assert (desk.hotline.phone, desk.hotline.whatsapp) == ("+625114799123", "+6281234567890")
    assert desk.help == "Sekretariat Tim DESK Pemilu, telepon (0511) 4799123 atau WhatsApp 0812-3456-7890"


def test_days_beyond_the_known_holidays_are_told(files):
    election = loader.parse(
        "election: jauh\nname: Jauh\nstarts: 2029-01-01\nstages:\n"
        "  - {code: A, name: A, role: voting_day, versions: [{known_from: 2028-01-01, legal_basis: X,"
        " start: 2029-06-06, end: 2029-06-06}]}\n"
        "  - {code: B, name: B, role: recapitulation_regency, versions: [{known_from: 2028-01-01, legal_basis: X,"
        " start: 2029-06-08, end: 2029-07-06}]}\n",
        "jauh.yaml",
    )

    told = "\n".join(map(str, loader.warnings(election, files.desk, files.policy)))

    assert "mingguan reaches beyond 2027-12-31, until when closed days are known" in told
    assert "no addressee for jauh; the report will go to Gubernur Kalimantan Selatan" in told
    desk = loader.programme(election, files.desk, files.policy).desk
    assert desk.addressees["jauh"].to == "Gubernur Kalimantan Selatan"


def test_an_addressee_is_found_by_the_kind_of_election(files):
    programme = loader.programme(files.election, files.desk, files.policy)

    assert programme.desk.addressees["pemilu-2024"].attention == "Kepala Badan Kesatuan Bangsa dan Politik"


def test_reports_are_mailed_to_whoever_has_an_address_in_the_desks_file(files):
    desk = changed(
        files.desk,
        (
            "    attention: Kepala Badan Kesatuan Bangsa dan Politik\n",
            "    attention: Kaban\n    email: Kaban@kalsel.example\n",
        ),
        ("      - Ketua DPRD Kabupaten Barito Kuala\n", "      - Ketua DPRD\n"),
        ("    copies:\n", "    copy_emails: {Ketua DPRD: dprd@batola.example}\n    copies:\n"),
    ).value

    first, second = desk.addressees["pemilu"].mailed.items()
    assert first == ("Gubernur Kalimantan Selatan c.q. Kaban", "Kaban@kalsel.example")
    assert second == ("Ketua DPRD", "dprd@batola.example")
    assert [own.title for own in desk.correspondents] == [first[0], second[0]]
    assert not {own.code for own in desk.correspondents} & {own.code for own in desk.offices}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("    copy_emails: {Ketua KPU: kpu@x.example}\n", "Ketua KPU"),
        ("    copy_emails: {Arsip: arsip@x.example, Arsip: b@x.example}\n", "Arsip"),
        ("    email: bukan alamat\n", "email"),
    ],
    ids=["a copy that is not named", "a copy twice", "no address"],
)
def test_an_address_that_nobody_could_be_mailed_at_is_refused_with_its_place(files, lines, told):
    with pytest.raises(ConfigError, match=told):
        changed(files.desk, ("    place: Banjarbaru\n", f"    place: Banjarbaru\n{lines}"))


def test_one_office_has_one_address_for_reports_of_every_election(files):
    both = (
        ("  pemilu:\n    to:", "  pemilu:\n    copy_emails: {Arsip: a@x.example}\n    to:"),
        ("  pilkada:\n    to:", "  pilkada:\n    copy_emails: {Arsip: b@x.example}\n    to:"),
    )

    with pytest.raises(ConfigError, match="another address"):
        changed(files.desk, *both)


def test_a_stage_in_a_district_the_desk_lacks_is_an_error(files):
    election = changed(
        files.election, ("    name: Masa Tenang", '    name: Masa Tenang\n    areas: ["63.04.99", "91.03"]')
    )

    with pytest.raises(ConfigError, match=r"\[0\]|63\.04\.99, a district that barito-kuala does not have") as refused:
        loader.programme(election, files.desk, files.policy)

    assert len(refused.value.findings) == 1


def test_a_rung_said_several_times_becomes_several_rungs(files):
    rung = "{at: P5D, tell: chair, by: [email], say: escalation}"
    policy = changed(files.policy, (rung, rung.replace("}", ", every: P1D, times: 3}")))

    rungs = policy.value.ladders["routine"].rungs

    assert [r.at for r in rungs[-3:]] == [timedelta(days=n) for n in (5, 6, 7)]
    assert {(r.tell, r.say) for r in rungs[-3:]} == {(Audience.CHAIR, Say.ESCALATION)}


def test_a_code_without_quotes_is_still_a_code(files):
    desk = changed(files.desk, ('regency_code: "63.04"', "regency_code: 63.04"))

    assert desk.value == files.desk.value
    assert desk.digest == files.desk.digest


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        loader.read(tmp_path / "no.yaml")


def test_no_finding_shows_a_whole_number_or_address(files):
    desk = files.desk.text.replace("+62 820 0000 00", "+62 820 0000 0x").replace("@baritokuala", "@@baritokuala")

    with pytest.raises(ConfigError) as refused:
        loader.parse(desk, "x.yaml")

    assert len(refused.value.findings) > 60
    assert "820 0000" not in str(refused.value)
    assert "camat.tamban" not in str(refused.value)


def test_holidays_are_part_of_the_programme(files):
    programme = loader.programme(files.election, files.desk, files.policy)

    assert date(2024, 2, 9) in programme.holidays
    assert programme.holidays_until == date(2027, 12, 31)


def test_what_is_sound_between_mistakes_is_still_looked_at(files):
    lines = files.desk.text.replace('{code: "63.04.02", name: Tamban, tile: [2, 6]}', "tamban").replace(
        '{code: "63.04.03", name: Anjir Pasar, tile: [1, 5]}', "{code: x, name: Anjir Pasar}"
    )
    text = lines.replace(
        '{code: "63.04.04", name: Anjir Muara, tile: [1, 4]}', '{code: "63.04.04", name: Anjir Muara, grace: P9D}'
    )

    with pytest.raises(ConfigError) as refused:
        loader.parse(text, "x.yaml")

    first = text.splitlines().index("  - tamban") + 1
    told = [(finding.line - first, finding.path) for finding in refused.value.findings]
    assert [t for t in told if t[1].startswith("districts")] == [
        (0, "districts[1]"),
        (1, "districts[2].code"),
        (2, "districts[3].grace"),
    ]


def looked(files, *, election=None, desk=None, policy=None):
    with pytest.raises(ConfigError) as refused:
        loader.look(
            election or files.election,
            desk or files.desk,
            policy or files.policy,
            forms=loader.forms(Path(loader.__file__).parent / "forms"),
        )
    return [str(finding) for finding in refused.value.findings]


def test_a_duty_that_asks_by_a_form_that_nobody_wrote_is_refused(files):
    policy = changed(files.policy, ("form: mingguan", "form: minguan"))

    (told,) = looked(files, policy=policy)

    assert told.startswith(f"{files.policy.name}:")
    assert "there is no form 'minguan'. Did you mean mingguan?" in told


def test_a_time_of_day_with_a_form_that_nobody_wrote_is_refused(files):
    (told,) = looked(files, policy=changed(files.policy, ("form: hari-h-kotak", "form: kotak-suara-x")))

    assert "there is no form 'kotak-suara-x'" in told


@pytest.mark.parametrize("code", ["pemilu-2042", "pemilu-20224", "pilkda-2024", "x"])
def test_figures_of_an_election_that_there_is_not_are_refused(files, code):
    (told,) = looked(files, desk=changed(files.desk, ("  pemilu-2024:\n    stations", f"  {code}:\n    stations")))

    assert f"there is no election '{code}'" in told


def test_figures_may_be_there_before_the_file_of_the_other_election_is(files):
    forms = loader.forms(Path(loader.__file__).parent / "forms")

    loader.look(files.election, files.desk, files.policy, forms=forms)

    assert "pilkada-2024" in files.desk.value.polling


def test_the_remedy_for_crossed_days_is_to_look_at_them_and_not_to_wait(files):
    policy = changed(
        files.policy,
        ("from: H+8", "from: {stage: recapitulation_regency, edge: end, plus: P40D}"),
        ("until: {stage: recapitulation_regency, edge: end}", "until: {stage: voting_day}"),
    )

    (told,) = [str(w) for w in loader.warnings(files.election, files.desk, policy) if "makes no report" in str(w)]

    assert "Look at the dates of these stages, and whether `from` and `until` are crossed." in told


def test_a_policy_says_which_days_of_the_week_are_closed(files):
    usual = files.policy.value.closed_days.weekdays
    six = changed(files.policy, SIX_DAYS)

    assert (usual, six.value.closed_days.weekdays) == ({5, 6}, {6})


def test_where_people_work_six_days_due_times_move_off_sundays_alone(files):
    text = files.policy.text.replace("every: monday", "every: saturday")
    five = loader.parse(text.replace("on_holiday: keep", "on_holiday: next_working_day"), "policy.yaml")
    six = changed(five, SIX_DAYS)

    weekdays = [
        {o.due_at.astimezone(ZoneInfo(o.zone)).weekday() for o in owed if o.duty == "mingguan"}
        for owed in (loader.programme(files.election, files.desk, policy).obligations() for policy in (five, six))
    ]

    assert 5 not in weekdays[0]
    assert 5 in weekdays[1]
    assert 6 not in weekdays[0] | weekdays[1]


FINAL = "on: {stage: recapitulation_regency, edge: end, plus: P14D}"
BY_WORKING_DAYS = (FINAL, "on: {stage: recapitulation_regency, edge: end, working_days: 10}")
UP_BY_WORKING_DAYS = (
    """\
      - {at: P3D, tell: secretary, by: [email], say: escalation}
      - {at: P5D, tell: chair, by: [email], say: escalation}
""",
    """\
      - {working_days: 3, tell: secretary, by: [email], say: escalation}
      - {working_days: 5, tell: chair, by: [email], say: escalation}
""",
)


def test_a_due_time_in_working_days_passes_over_holidays_and_leave(files):
    policy = changed(files.policy, BY_WORKING_DAYS)

    loader.look(files.election, files.desk, policy, forms=())
    made = loader.programme(files.election, files.desk, policy).obligations()

    due = {own.due_at.date() for own in made if own.duty == "akhir"}
    assert due == {date(2024, 3, 21)}  # ten after 5 March, and not the 11th and the 12th: Nyepi and its leave


def test_a_rung_in_working_days_counts_by_the_holidays_of_the_programme(files):
    policy = changed(files.policy, UP_BY_WORKING_DAYS)

    programme = loader.programme(files.election, files.desk, policy)

    rungs = programme.policy.ladders["routine"].rungs
    since = next(own.due_at for own in programme.obligations() if own.slot == "2024-W10" and own.duty != "akhir")
    days = [rung.counted(since).astimezone(ZoneInfo("Asia/Makassar")).date() for rung in rungs[-2:]]
    assert since.date() == date(2024, 3, 4)
    assert days == [date(2024, 3, 7), date(2024, 3, 13)]


def test_working_days_of_a_year_without_holidays_are_refused_at_the_line(files):
    election = changed(
        files.election, ("start: 2024-02-17\n        end: 2024-03-05", "start: 2024-02-17\n        end: 2027-12-28")
    )
    policy = changed(files.policy, BY_WORKING_DAYS)

    with pytest.raises(ConfigError) as refused:
        loader.look(election, files.desk, policy, forms=())

    line = next(n for n, text in enumerate(policy.text.splitlines(), 1) if "working_days: 10" in text)
    assert f"default.yaml:{line}: akhir counts 10 working days to 2028-01-11" in str(refused.value)
    assert "Write those of 2028 into config/holidays/indonesia.yaml, or count days with `plus`" in str(refused.value)
    loader.programme(election, files.desk, policy)  # a desk that has it already goes on


def test_a_slip_that_asks_for_more_reports_than_anybody_reads_is_refused_before_they_are_made(files):
    """The clock tries a file that was sent in: making 250,000 reports held it up for half a minute."""
    hours = ", ".join(f'"{hour:02}:00"' for hour in range(24))
    weekly = 'every: monday\n    from: start\n    until: H-8\n    at: ["15:00"]\n    opens: -P3D'
    hourly = f"every: day\n    from: start\n    until: H-8\n    at: [{hours}]\n    opens: -PT1H"

    with pytest.raises(ConfigError, match=r"reports would be owed, .* of them mingguan; at most 100,000 can be"):
        loader.look(files.election, files.desk, changed(files.policy, (weekly, hourly)), forms=())
