"""A support plan is refused with file, line, reason and remedy."""

import pytest

from config import loader
from config.errors import ConfigError
from rules.desk import Desk
from rules.duties import Per
from tests.stories import prepared
from tests.stories.desk import ELECTION, POLICY


def refused(tmp_path, old: str, new: str) -> str:
    assert prepared.PLAN.count(old) == 1, old
    file = prepared.desk_file(tmp_path, prepared.PLAN.replace(old, new))
    with pytest.raises(ConfigError) as error:
        loader.programme(loader.read(ELECTION), loader.read(file), loader.read(POLICY))
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[sekda]", "[sekdaa]", "there is no office 'sekdaa'. Did you mean sekda?"),
        ("offices: [sekda], ", "", "'hibah' names no office. Add `offices: [...]`"),
        ("per: district,", "per: district, offices: [sekda],", "goes with `per: office`, not with `per: district`"),
        ("[hibah]", "[hiba]", "there is no support item 'hiba'. Did you mean hibah?"),
        ("by: H-30", "by: H-30, waits_for: [gudang]", "a circle, in which none can be the first"),
        ("confirmed_by: kadis-kominfo", "confirmed_by: kepala-bpbd", "would confirm what it says itself"),
        ("confirmed_by: kadis-kominfo", "confirmed_by: kadis", "there is no office 'kadis'"),
        ('["63.04.01"]', '["63.04.09"]', "there is no district '63.04.09'"),
        ("code: tim,", "code: gudang,", "'gudang' is the code of two support items"),
        ("code: rekap", "code: logistik", "'logistik' is the code of two preparations"),
        ("by: H-30", "by: H-30, closes: -P1D", "is not after the due time"),
        ("by: H-30", "by: H-30, opens: P1D", "is after the due time. Write -P1D"),
        ("per: team", "per: desk", "Write one of office, district, team"),
        ("by: H-8", "by: soon", "Write H, H-7 or H+1"),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused_where_it_stands(tmp_path, old, new, expected):
    told = refused(tmp_path, old, new)

    assert expected in told
    assert "dukungan.yaml:" in told


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "begins: {stage: recapitulation_regency}",
            "begins: {stage: recapitulation}",
            "Did you mean recapitulation_re",
        ),
        ("plus: -P8D}", "plus: -P8D}, ladder: suport", "climbs a ladder 'suport', which default does not have"),
        ("by: H-8", "by: H-8, ladder: problem-low", "says problem to handlers, which no support item can mean"),
        ("by: H-8", "by: H-8, ladder: government", "says reminder to secretariat, which no support item can mean"),
        ("code: tim,", "code: harian,", "'harian' is the code of a duty of default too"),
    ],
)
def test_a_plan_that_fits_neither_policy_nor_election_is_refused(tmp_path, old, new, expected):
    told = refused(tmp_path, old, new)

    assert expected in told
    assert "dukungan.yaml:" in told


def test_its_items_are_duties_of_the_programme_each_confirmation_after_what_it_confirms(tmp_path):
    documents = [loader.read(file) for file in prepared.files(tmp_path)]

    programme = loader.programme(*documents)

    own = [duty for duty in programme.policy.duties if duty.support]
    assert [duty.code for duty in own] == list(prepared.ITEMS)
    check = programme.policy.duty("angkutan-cek")
    assert (check.per, check.offices, check.support.waits_for) == (Per.OFFICE, ("kadis-kominfo",), ("angkutan",))
    assert isinstance(documents[1].value, Desk)
    assert documents[1].value.supporting == ("kadis-kominfo", "kepala-bpbd", "sekda")


def test_every_office_district_and_team_owes_its_own(tmp_path):
    programme = loader.programme(*(loader.read(file) for file in prepared.files(tmp_path)))

    made = [(o.duty, o.area, o.slot) for o in programme.obligations() if programme.policy.duty(o.duty).support]

    assert made == [
        ("hibah", "sekda", "H-30"),
        ("angkutan", "kepala-bpbd", "H-14"),
        ("gudang", "63.04.01", "H-12"),
        ("gudang", "63.04.02", "H-12"),
        ("gudang", "63.04.13", "H-12"),
        ("angkutan-cek", "kadis-kominfo", "H-11"),
        ("tim", "III", "H-8"),
        ("tim", "VIII", "H-8"),
        ("jaringan", "kadis-kominfo", "2024-02-07"),
    ]


def test_what_is_due_after_it_is_needed_is_warned_of(tmp_path):
    plan = prepared.PLAN.replace("by: H-12", "by: H-1")
    files = [loader.read(f) for f in (ELECTION, prepared.desk_file(tmp_path, plan), POLICY)]

    (found,) = [own for own in loader.warnings(*files) if "needed" in own.message]

    assert found.message == "gudang is due on 2024-02-13, after it is needed on 2024-02-11"


def test_a_checklist_that_nobody_wrote_is_refused(tmp_path):
    plan = prepared.PLAN.replace("dukungan-hibah", "dukungan-hiba")
    files = [loader.read(f) for f in (ELECTION, prepared.desk_file(tmp_path, plan), POLICY)]

    with pytest.raises(ConfigError, match=r"there is no form 'dukungan-hiba'\. Did you mean dukungan-hibah"):
        loader.look(*files, forms={"dukungan-hibah", "dukungan-angkutan", "dukungan-gudang", "dukungan-jaringan",
                                   "dukungan-tim", "mingguan", "harian", "hari-h", "akhir"})  # fmt: skip


def test_what_is_prepared_for_another_election_is_left_out(tmp_path):
    plan = prepared.PLAN.replace("begins: H-3", "begins: H-3\n    elections: [pilkada]")
    documents = [loader.read(f) for f in (ELECTION, prepared.desk_file(tmp_path, plan), POLICY)]

    programme = loader.programme(*documents)

    assert [own.code for own in programme.desk.preparations] == ["rekap"]
    assert [duty.code for duty in programme.policy.duties if duty.support] == ["jaringan", "tim"]
    assert programme.desk.supporting == ("kadis-kominfo",)
