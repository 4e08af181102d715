"""Files of messages: asked for at the provider's own host alone, with our login there and nowhere else."""

from datetime import timedelta

import pytest

from jobs.emulator.texts import Said
from notifiers import media
from rules.delivery import Refused, Temporary
from tests.notifiers.http_wire import http_wire

ELSE = {"/gone": Said(404), "/busy": Said(503), "/moved": Said(307, "", (("Location", "/store"),))}


@pytest.fixture
def store():
    with http_wire(lambda asked: ELSE.get(asked.path, Said(200, "x" * 5000))) as wire:
        yield wire


@pytest.fixture
def base(store):
    return store.url


def fetch(base: str, path: str, most: int = 9000) -> bytes:
    return media.fetch(path if "://" in path else f"{base}{path}", most, base_url=base, login=("AC1", "rahasia"))


def test_a_file_is_fetched_with_our_login(store):
    assert fetch(store.url, "/photo") == b"x" * 5000
    assert store.asked[0].header("authorization").startswith("Basic ")


def test_where_its_store_is_our_login_is_not_needed(store):
    assert fetch(store.url, "/moved") == b"x" * 5000
    assert [bool(asked.header("authorization")) for asked in store.asked] == [True, False]


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
def test_no_other_host_is_asked(store, url):
    with pytest.raises(Refused):
        media.fetch(url, 9000, base_url=store.url, login=("AC1", "rahasia"))
    assert store.asked == []


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
def test_nobody_is_followed_to_a_strangers_host(store, to):
    store.then(Said(307, "", (("Location", to),)))
    with pytest.raises(Refused):
        fetch(store.url, "/away")
    assert len(store.asked) == 1


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
