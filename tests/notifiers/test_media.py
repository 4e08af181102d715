"""Files of messages: asked for at the provider's own host alone, with our login there and nowhere else."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from notifiers import media
from rules.delivery import Refused, Temporary


class Answers(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []
    elsewhere = ""

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        status = {"/gone": 404, "/busy": 503, "/moved": 307, "/away": 307}.get(self.path, 200)
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "/store" if self.path == "/moved" else self.elsewhere)
        self.end_headers()
        if status == 200:
            self.wfile.write(b"x" * 5000)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def base():
    Answers.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetch(base: str, path: str, most: int = 9000) -> bytes:
    return media.fetch(path if "://" in path else f"{base}{path}", most, base_url=base, login=("AC1", "rahasia"))


def test_a_file_is_fetched_with_our_login(base):
    assert fetch(base, "/photo") == b"x" * 5000
    assert Answers.asked[0][1].startswith("Basic ")


def test_where_its_store_is_our_login_is_not_needed(base):
    assert fetch(base, "/moved") == b"x" * 5000
    assert [bool(login) for _, login in Answers.asked] == [True, False]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        "http://user@127.0.0.1/x",
        "http://[x",
        "",
    ],
)
def test_no_other_host_is_asked(base, url):
    with pytest.raises(Refused):
        media.fetch(url, 9000, base_url=base, login=("AC1", "rahasia"))
    assert Answers.asked == []


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/",
        "https://twilio.com.evil.example/",
        "https://x.amazonaws.com/other/",
        "https://anybody.s3.amazonaws.com/media.twiliocdn.com/x",
        "https://s3.amazonaws.com.evil.example/media.twiliocdn.com/",
    ],
)
def test_nobody_is_followed_to_a_strangers_host(base, to):
    Answers.elsewhere = to
    with pytest.raises(Refused):
        fetch(base, "/away")
    assert len(Answers.asked) == 1


def test_what_is_too_large_is_not_kept(base):
    with pytest.raises(Refused):
        fetch(base, "/photo", most=4999)


@pytest.mark.parametrize(("path", "error"), [("/gone", Refused), ("/busy", Temporary)])
def test_what_is_not_there_is_given_up_and_what_is_busy_asked_again(base, path, error):
    with pytest.raises(error):
        fetch(base, path)


def test_what_comes_too_slowly_is_given_up(base, monkeypatch):
    monkeypatch.setattr(media, "WHOLE", timedelta(0))

    with pytest.raises(Temporary, match="too slowly"):
        fetch(base, "/photo")


@pytest.mark.parametrize("host", ["s3.amazonaws.com", "s3-external-1.amazonaws.com", "s3.us-east-1.amazonaws.com"])
def test_the_providers_bucket_is_its_store(host):
    assert media._store(f"https://{host}/media.twiliocdn.com/AC1/x", "https://api.twilio.com")
