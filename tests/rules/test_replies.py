"""Answers in people's own words: what is expected of them, and what is never allowed. A table per intent with `-s`."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import loader, replies
from config.errors import ConfigError
from rules.issues import Category
from rules.replies import lateness, reading
from rules.replies.spoken import Act, Asked, Conversation, Does, Heard, Intent, Sender, Values, Waits
from tests.rules import answered
from tests.rules.answered import WORDS, ZONE

NOW = datetime(2024, 2, 5, 14, 0, tzinfo=ZONE)
DAILY = Asked("R-0805", "Tamban", NOW + timedelta(hours=1), nil=True)
OPENING = Asked("R-0831", "Alalak", NOW + timedelta(hours=1), nil=False, needs=("tps-buka",))
FILES = [file for file in (answered.OWN, answered.SHARED) if file]
TYPED = ["R-0805", "R805", "P-0012", "98/104", "1.234", "4O", "?", ".", "\n"]
VOCABULARY = [*sorted(WORDS.vocabulary | set(WORDS.same)), *TYPED]


def read(text: str, talk: Conversation | None = None, **heard: object):
    talk = talk or Conversation(asked=[DAILY], others=["Alalak"])
    return reading.read(Heard(text, **heard), talk, WORDS, now=NOW)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_at_least_95_of_100_answers_are_understood_and_none_does_harm(file):
    cases = answered.cases(file)
    districts = {own["district"] for case in cases for own in case.get("context", {}).get("asked", [])}
    readings = {case["id"]: (case, answered.read(case, districts)) for case in cases}

    differing = {id: list(answered.wrong(case, own)) for id, (case, own) in readings.items()}
    harmful = {id: list(answered.forbidden(case, own)) for id, (case, own) in readings.items()}

    asked = Counter(case["expect"]["intent"] for case in cases)
    right = Counter(case["expect"]["intent"] for case in cases if not differing[case["id"]])
    print(
        "\nintent            cases  right",
        *(f"{own:<16} {n:6} {right[own]:6}" for own, n in sorted(asked.items())),
        sep="\n",
    )
    assert {id: own for id, own in harmful.items() if own} == {}
    assert sum(right.values()) >= 0.95 * len(cases), {id: own for id, own in differing.items() if own}


@pytest.mark.parametrize(
    "text",
    [
        "aman pak, laporan tadi salah kirim",
        "salah kirim pak, maaf",
        "ini siapa ya",
        "surat suara salah kirim ke desa lain",
        "surat suara salah nomor",
        "formulir C hasil salah nomor TPS 3",
        "banjir, jalan salah nomor",
        "yang hadir bukan camat tapi sekcam, situasi aman",
    ],
)
def test_no_word_about_the_work_silences_whoever_does_it(text):
    assert Does.SUSPEND_CONTACT not in [act.does for act in read(text).acts]


@given(st.text(max_size=300), st.sampled_from([*Sender]), st.text(max_size=60))
def test_any_text_is_read(text, sender, subject):
    talk = Conversation(sender, [DAILY, OPENING], ["P-0012"], ["A-0003"], "K-0002", ["Kuripan"], text)

    read_ = reading.read(Heard(text, html=text, subject=subject), talk, WORDS, now=NOW)

    assert read_.acts


@given(st.lists(st.sampled_from(VOCABULARY), max_size=14), st.booleans(), st.sampled_from([*Sender]))
def test_no_mixture_of_known_words_touches_what_is_not_his(words, problem, sender):
    talk = Conversation(sender, [DAILY, OPENING], ["P-0012"] if problem else [], others=["Kuripan"])

    read_ = reading.read(Heard(" ".join(words)), talk, WORDS, now=NOW)

    assert {act.code for act in read_.acts} <= {"", "R-0805", "R-0831", *(["P-0012"] if problem else [])}
    assert read_.until is None or read_.until > NOW
    filed = {act.does for act in read_.acts} & {Does.FILE_NIL, Does.FILE_FILLED}
    assert not (filed and sender is not Sender.KNOWN)
    assert not (Does.FILE_NIL in filed and problem)


@pytest.mark.parametrize("kind", ["text/html", "multipart/report"])
def test_html_of_any_depth_is_read(kind):
    text = "<div>" * 5000 + "nihil"

    assert reading.read(Heard("", html=text), Conversation(asked=[DAILY]), WORDS, now=NOW).acts


def test_a_yes_does_what_was_asked_back():
    talk = Conversation(asked=[DAILY], problems=["P-0012"], waits=Waits(Does.ASK_CONFIRM, "R-0805", Does.FILE_NIL))

    assert read("YA pak", talk).acts == (Act(Does.FILE_NIL, "R-0805"),)
    assert read("1", talk).acts == (Act(Does.FILE_NIL, "R-0805"),)


def test_a_no_does_nothing_of_it():
    talk = Conversation(asked=[DAILY], waits=Waits(Does.ASK_CONFIRM, "R-0805", Does.FILE_NIL))

    assert Does.FILE_NIL not in {act.does for act in read("tidak", talk).acts}
    assert Does.FILE_NIL not in {act.does for act in read("2", talk).acts}


def test_a_yes_with_news_is_no_mere_yes():
    talk = Conversation(asked=[DAILY], waits=Waits(Does.ASK_CONFIRM, "R-0805", Does.FILE_NIL))

    assert Does.FILE_NIL not in {act.does for act in read("ya, tapi ada banjir", talk).acts}


def test_the_missing_part_completes_what_was_said_before():
    kept = Asked("R-0831", "Alalak", NOW, nil=False, needs=("tps-buka",), kept=Values(answered.Condition.SAFE))

    read_ = read("buka 187", Conversation(asked=[kept]))

    assert read_.intent is Intent.REPORT_FILLED
    assert read_.values["R-0831"].condition is answered.Condition.SAFE
    assert read_.values["R-0831"].counts == {"tps-buka": 187}


def test_what_was_safe_before_is_asked_anew_once_it_is_denied():
    kept = Asked("R-0831", "Alalak", NOW, nil=False, needs=("tps-buka",), kept=Values(answered.Condition.SAFE))

    read_ = read("belum aman pak, buka 187", Conversation(asked=[kept]))

    assert Does.FILE_FILLED not in {act.does for act in read_.acts}
    assert "condition" in read_.missing["R-0831"]


def test_a_yes_to_a_report_that_came_meanwhile_does_nothing():
    talk = Conversation(asked=[], waits=Waits(Does.ASK_CONFIRM, "R-0805", Does.FILE_NIL))

    assert {act.code for act in read("ya", talk).acts} == {""}


def test_the_code_that_was_asked_for_files_the_nil():
    second = Asked("R-0806", "Mekarsari", NOW, nil=True)
    talk = Conversation(asked=[DAILY, second], waits=Waits(Does.ASK_WHICH, "", Does.FILE_NIL))

    assert read("806", talk).acts == (Act(Does.FILE_NIL, "R-0806"),)


def test_a_time_answers_the_question_when():
    talk = Conversation(asked=[DAILY], waits=Waits(Does.ASK_TIME, "R-0805"))

    assert read("jam 5", talk).until == NOW.replace(hour=17)


def test_the_words_speak_of_forms_and_numbers_that_there_are():
    forms = loader.forms(replies.FILE.parents[1] / "forms")

    assert set(WORDS.forms) <= set(forms)
    assert replies.unknown(WORDS, forms) == []


def test_a_word_list_with_a_phrase_that_nobody_could_type_is_refused_with_line_and_remedy(tmp_path):
    file = tmp_path / "words.yaml"
    file.write_text(replies.FILE.read_text("utf-8").replace("nil: [nihil,", "nil: [tdk ada,"), "utf-8")

    with pytest.raises(ConfigError, match=r"words.yaml:\d+: .*'tdk' is always read as 'tidak'. Write tidak instead"):
        replies.spoken(file)


@pytest.mark.parametrize(
    "text", ["butuh pulsa pak", "bahasa apa ini", "hanya kritik saja", "tambak warga aman", "butuh surat suara"]
)
def test_a_common_word_is_no_word_of_danger_with_a_slip(text):
    assert not read(text).danger


@pytest.mark.parametrize("text", ["ada kebakran di TPS 2", "ada bentrok di TPS 3, butuh bantuan segera"])
def test_danger_is_heard_though_a_long_word_of_it_is_mistyped(text):
    assert read(text).danger


def test_a_clash_is_a_matter_of_security():
    assert read("ada bentrok di TPS 3").category is Category.SECURITY


GAP = NOW - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("ago", "gaps", "late"),
    [
        (timedelta(minutes=5), [], False),
        (timedelta(hours=2), [], False),
        (timedelta(hours=2, seconds=1), [], True),
        (timedelta(minutes=5), [GAP], False),
        (timedelta(minutes=30), [GAP], True),
    ],
)
def test_an_answer_is_late_after_two_hours_or_if_it_is_older_than_the_last_gap(ago, gaps, late):
    assert lateness.late(NOW - ago, gaps, now=NOW) is late


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("R-0805 nihil", {Does.ASK_CONFIRM, Does.TO_SECRETARIAT}),
        ("nanti jam 5", {Does.ASK_CONFIRM, Does.TO_SECRETARIAT}),
        ("banjir di TPS 3, air masuk", {Does.OPEN_PROBLEM, Does.TO_SECRETARIAT}),
        ("salah sambung", {Does.SUSPEND_CONTACT, Does.TO_SECRETARIAT}),
    ],
)
def test_what_is_read_late_changes_nothing_but_what_cannot_wait(text, does):
    assert {act.does for act in read(text, late=True).acts} == does
