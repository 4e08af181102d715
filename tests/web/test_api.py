"""Programs read the desk's figures by a token: the same as the pages show, nothing restricted, and nothing written."""

import csv
import io
import json
import re
from contextlib import suppress
from datetime import timedelta

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from sqlalchemy import func, select
from structlog.testing import capture_logs

from models import tables
from models.base import table
from models.desk.changes import Hand, Way
from models.machine import tokens as rows
from models.machine.tokens import AccessToken
from models.matters import issues
from models.offices import offices
from rules.filing import NotTaken
from rules.policy import Severity
from rules.tokens import FOR_PROGRAMS, Scope
from services import tokens
from tests.web.conftest import URL
from tests.web.signing import signs_in
from tests.web.test_aides import helped
from tests.web.test_board import SLOT, morning  # noqa: F401 - a fixture
from web.api import openapi

EVERY = tuple(sorted(FOR_PROGRAMS))


def given_out(web, *scopes, days=30):
    """A token of the desk, and its number."""
    desk = web.desk
    with desk.rt.sessions.begin() as session:
        office = offices.by_code(session, desk.programme.desk.code, desk.programme.desk.secretariat)
        hand = Hand(office.id, office.title, Way.COMMAND)
        lasts, luck = timedelta(days=days), desk.rt.luck
        return tokens.give(
            session, desk.programme.desk.code, "papan provinsi", scopes, lasts, luck=luck, hand=hand, now=desk.clock.at
        )


@pytest.fixture
def api(morning):  # noqa: F811
    """Reads an address as a program that may read everything."""
    _, token = given_out(morning, *EVERY)
    (programme,) = morning.desk.rt.programmes
    morning.books.links._burst = 10_000

    def read(name="", token=token, **query):
        path = f"/api/v1/programmes/{programme}/{name}" if name else "/api/v1"
        return morning.client.get(path, params=query, headers={"Authorization": f"Bearer {token}".encode()})

    read.web, read.programme = morning, programme
    return read


def schema_of(name):
    path = f"/api/v1/programmes/{{programme}}/{name}" if name else "/api/v1"
    return openapi.document()["paths"][path]["get"]


def test_the_document_is_the_one_that_is_kept():
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.text()


def test_the_document_is_served_to_anybody_and_names_every_scope(morning):  # noqa: F811
    page = morning.get("/api/v1/openapi.json")

    named = {path.rpartition("/")[2] for path in page.json()["paths"] if "programme}" in path}
    assert page.status_code == 200
    assert named == FOR_PROGRAMS


@pytest.mark.parametrize("name", ["", *EVERY])
def test_every_answer_is_as_the_document_says(api, name):
    api.web.desk.has_a_problem("Perahu karam", severity=Severity.HIGH)

    answer = api(name)

    assert answer.status_code == 200
    answered = schema_of(name)["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), answered, format_checker=jsonschema.FormatChecker())


def test_a_recap_counts_what_the_page_counts(api):
    answer = api("recap", by="area").json()

    secretary = signs_in(api.web, "Kepala Kesbangpol")
    sheet = secretary.get(f"/rekap/{api.programme}/rekap.csv").text.lstrip("\ufeff")
    lines = list(csv.reader(io.StringIO(sheet), delimiter=";"))[1:]
    assert lines
    ours = [[part["name"], *map(str, part["figures"].values())] for part in answer["parts"]]
    assert [*ours, ["Jumlah", *map(str, answer["whole"].values())]] == lines


def test_what_no_page_gets_to_see_is_refused_in_json_too(api):
    refused = api("owed", x="\x00")

    assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("recap", {"to": ""}),
        ("recap", {"from": "14 Februari 2024"}),
        ("recap", {"from": "20240214"}),
        ("recap", {"from": "0001-01-01"}),
        ("recap", {"from": "2022-01-01", "to": "2024-02-14"}),
        ("recap", {"by": ""}),
        ("problems", {"open": "AAA"}),
        ("problems", {"start": "-1"}),
        ("owed", {"days": ""}),
    ],
)
def test_a_question_that_is_not_as_the_document_says_is_refused(api, name, query):
    answer = api(name, **query)

    assert answer.status_code == 422
    assert next(iter(query)) in answer.text or "period" in answer.text


def test_what_is_owed_is_what_the_desk_waits_for(api):
    codes = {item["code"] for item in api("owed").json()["owed"]}

    secretary = signs_in(api.web, "Kepala Kesbangpol")
    shown = set(re.findall(r"R-\d{4}", secretary.get("/koordinasi").text))
    assert codes
    assert codes & shown


def test_a_restricted_problem_is_in_no_answer_and_in_no_count(api):
    api.web.desk.has_a_problem("Perahu karam")
    code = api.web.desk.has_a_problem("Aduan tentang petugas")
    with api.web.desk.rt.sessions.begin() as session:
        issues.change(session, api.web.desk.matter(code).id, restricted=True)

    answers = {name: api(name) for name in EVERY}

    assert answers["problems"].json()["total"] == 1
    for answer in answers.values():
        assert "Aduan" not in answer.text
        assert code not in answer.text


def test_no_answer_holds_a_contact_or_a_note(api):
    said = "".join(api(name).text for name in EVERY)

    assert not re.search(r"\+62|[a-z]@[a-z]", said)


def test_no_answer_holds_what_a_village_sent_or_its_aide(api):
    desk = api.web.desk
    key = desk.key("hari-h", "Tamban", SLOT)
    helped(desk, key, "Tuti Alawiyah", {"k.logistik": "Kijang menunggu", "n.kejadian": "73173"})
    told = "".join(api(name).text for name in EVERY)

    assert not any(word in told for word in ("Tuti", "Kijang", "73173", "desa-", "Operator"))


def test_without_a_good_token_nothing_is_answered(api):
    id, revoked = given_out(api.web, Scope.OWED)
    with api.web.desk.rt.sessions.begin() as session:
        hand = Hand(rows.locked(session, id).given_by, "x", Way.COMMAND)
        tokens.revoke(session, id, hand=hand, now=api.web.desk.clock.at)
    _, expired = given_out(api.web, Scope.OWED, days=1)
    api.web.desk.clock.at += timedelta(days=2)

    for token in ("", "desk_x", revoked, expired, "\u2603"):
        answer = api("owed", token=token)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", EVERY)
def test_a_token_opens_only_what_it_was_given_for(api, name):
    others = [scope for scope in EVERY if scope != name]
    _, token = given_out(api.web, *others)

    assert api(name, token=token).status_code == 403
    assert api(others[0], token=token).status_code == 200


def test_the_operators_token_opens_no_figures_and_stands_alone(api):
    _, token = given_out(api.web, Scope.OPERATOR)

    assert api("owed", token=token).status_code == 403
    with pytest.raises(NotTaken, match="stands alone"):
        given_out(api.web, Scope.OPERATOR, Scope.OWED)


def test_a_token_of_one_desk_reads_no_other_desk(api):
    _, token = given_out(api.web, Scope.OWED)
    with api.web.desk.rt.sessions.begin() as session:
        own = session.scalar(select(AccessToken).order_by(AccessToken.id.desc()).limit(1))
        own.desk = "other"

    assert api("owed", token=token).status_code == 404
    assert api("", token=token).json()["programmes"] == []


def test_each_use_is_logged_by_the_tokens_number_alone_and_no_token_is_kept(api):
    id, token = given_out(api.web, Scope.OWED)

    with capture_logs() as logs:
        api("owed", token=token)

    (line,) = [line for line in logs if line["event"] == "token used"]
    assert (line["token"], line["read"]) == (id, "owed")
    assert token not in json.dumps(logs, default=str)
    with api.web.desk.rt.sessions.begin() as session:
        own = rows.locked(session, id)
        assert own.used_at == api.web.desk.clock.at
        assert token not in str(vars(own))


def test_too_many_questions_are_told_when_to_come_again(morning):  # noqa: F811
    _, token = given_out(morning, Scope.OWED)
    headers = {"Authorization": f"Bearer {token}"}

    answers = [morning.client.get("/api/v1", headers=headers) for _ in range(62)]

    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent(api, method):
    answer = getattr(api.web.client, method)(
        f"/api/v1/programmes/{api.programme}/owed", headers={"Origin": "https://desk.example"}
    )

    assert answer.status_code in (404, 405)
    assert answer.headers["Content-Type"] == "application/problem+json"


def counts(web):
    with web.desk.rt.sessions() as session:
        return {own.__tablename__: session.scalar(select(func.count()).select_from(table(own))) for own in tables.ALL}


VALUES = st.one_of(
    st.sampled_from(["", "0", "-1", "60", "9" * 30, "2024-02-14", "14/02/24", "9999-12-31", "0001-01-01", "true"]),
    st.text(max_size=60),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(EVERY),
    query=st.dictionaries(st.sampled_from(["days", "from", "to", "by", "open", "start", "page"]), VALUES, max_size=4),
)
def test_whatever_is_asked_is_answered_as_the_document_says(hostile, name, query):
    answer = hostile(name, **{key: value.encode("utf-8", "replace").decode() for key, value in query.items()})

    assert answer.status_code in (200, 404, 422)
    media = "application/json" if answer.status_code == 200 else "application/problem+json"
    if answer.status_code == 404 and "\x00" in "".join(query.values()):
        return  # the guard turns it away before anybody reads it
    assert answer.headers["Content-Type"].startswith(media)
    said = schema_of(name)["responses"][str(answer.status_code)]["content"][media]["schema"]
    document = openapi.document()
    jsonschema.validate(answer.json(), said | {"components": document["components"]})


@pytest.fixture
def hostile(api):
    """The same, where nothing may be written."""
    before = counts(api.web)
    yield api
    assert counts(api.web) == before


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
def test_whatever_schemathesis_asks_is_answered_as_the_document_says(api, mode):
    """The address names a programme that there is, mostly; all else is as the document has it, or is not."""
    asked = []
    for found in schemathesis.openapi.from_dict(openapi.document()).get_all_operations():
        strategy = found.ok().as_strategy(generation_mode=schemathesis.GenerationMode[mode])
        ask = settings(max_examples=8, phases=[Phase.generate], derandomize=True)(
            given(strategy)(lambda case: asked.append(case))  # noqa: PLW0108 - it must be a function in Python
        )
        with suppress(Unsatisfiable):  # an address without parameters cannot be asked wrongly
            ask()

    for case in asked:
        given_out = case.as_transport_kwargs(base_url=URL)["params"]
        name = case.path.removeprefix("/api/v1").removeprefix("/programmes/{programme}/")
        answer = api(name if "{" in case.path else "", **given_out)
        known = openapi.document()["paths"][case.path]["get"]["responses"]
        assert answer.status_code < 500
        assert str(answer.status_code) in known
        if answer.status_code == 200:
            schema = known["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(answer.json(), schema)
    assert len(asked) > len(EVERY)
