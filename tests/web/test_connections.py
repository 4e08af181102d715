"""Connections that are slow, or many, are closed; pages go on. Every wait is for the server's own closing."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from threading import Event
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.engines import PATIENCE, free_port
from tests.web import serving
from web.guards.connections import Bounded

HEAD = b"POST /masuk HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 10\r\n"


class Hasty(Bounded):
    """The same with little patience and little room."""

    most = 8
    request, silence, whole, answer = 0.3, 0.3, 1.5, 0.3
    every = 0.05


class Roomy(Bounded):
    """As patient as ever, with little room."""

    most = 8


@contextmanager
def server(tmp_path, connections: type[Bounded]) -> Iterator[int]:
    port = free_port()
    with serving.desk(tmp_path) as desk, serving.pages(desk, tmp_path, port=port, connections=connections):
        yield port


@pytest.fixture
def hasty(tmp_path):
    with server(tmp_path, Hasty) as port:
        yield port


@pytest.fixture
def roomy(tmp_path):
    with server(tmp_path, Roomy) as port:
        yield port


def opened(port: int, *sent: bytes, client: str = "127.0.0.1") -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(client, 0))
    for part in sent:
        found.sendall(part)
    return found


def rest(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    heard = b""
    try:
        while part := connection.recv(65536):
            heard += part
    except ConnectionResetError:
        pass
    return heard


def page(port: int) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{port}/masuk", timeout=PATIENCE) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param([], id="nothing at all"),
        pytest.param([b"GET /masuk HT"], id="half a request line"),
        pytest.param([b"GET /masuk HTTP/1.1\r\nHost: desk.example\r\nX-A: "], id="half a header"),
        pytest.param([HEAD + b"\r\n"], id="a form that does not come"),
        pytest.param([HEAD + b"\r\n", b"a=1"], id="a third of a form"),
        pytest.param([HEAD + b"Transfer-Encoding: chunked\r\n"], id="framed twice, and unfinished"),
        pytest.param([b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /m"], id="a whole request, and half of another"),
    ],
)
def test_who_does_not_say_what_he_wants_is_not_waited_for(hasty, sent):
    with opened(hasty, *sent) as slow:
        rest(slow)

        assert page(hasty) == 200


@pytest.mark.parametrize("length", [1000, 100_000], ids=["of a form that fits", "of one that is refused at once"])
def test_who_sends_a_form_letter_by_letter_is_not_waited_for_without_end(hasty, length):
    head = b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length
    with opened(hasty, head) as slow:
        slow.settimeout(0.1)
        assert any(gone(slow) for _ in range(int(PATIENCE / 0.1)))

    assert page(hasty) == 200


def gone(slow: socket.socket) -> bool:
    """Whether the server has closed the connection, after one more letter and a moment."""
    try:
        slow.sendall(b"a")
        return not slow.recv(65536)
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize("sent", [b"", b"GET /masuk HT", HEAD + b"\r\n"])
def test_many_unfinished_connections_leave_room_for_pages_without_any_time_going_by(roomy, sent):
    with ExitStack() as open_:
        slow = [open_.enter_context(opened(roomy, sent)) for _ in range(30)]

        assert [page(roomy) for _ in range(3)] == [200] * 3
        for gone in slow[:20]:
            rest(gone)


def test_whoever_has_most_connections_loses_one_first(roomy):
    with opened(roomy, HEAD + b"\r\n", client="127.0.0.2") as honest, ExitStack() as open_:
        for _ in range(30):
            open_.enter_context(opened(roomy, HEAD + b"\r\n"))
        assert page(roomy) == 200

        honest.sendall(b"a=12345678")

        assert honest.recv(65536).startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", id="length, then encoding"),
        pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", id="encoding, then length"),
        pytest.param(b"transfer-encoding: Chunked\r\ncontent-length: 35\r\n", id="in small letters"),
    ],
)
def test_a_request_whose_end_is_said_twice_is_refused_and_what_follows_it_is_not_read(roomy, framing):
    smuggled = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    request = b"POST /masuk HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n0\r\n\r\n" + smuggled

    with opened(roomy, request) as connection:
        answer = rest(connection)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answer.lower()
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", id="two lengths"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", id="a length below zero"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x, chunked\r\n\r\n", id="an unknown encoding"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n", id="a blank before a colon"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000, id="a header without end"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS"),
    ],
)
def test_a_request_that_is_none_is_refused_and_the_connection_closed(roomy, broken):
    with opened(roomy, broken) as connection:
        answer = rest(connection)

    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501")) or answer == b""
    assert page(roomy) == 200


def test_pages_come_back_where_every_answer_is_left_unread(hasty):
    with ExitStack() as open_:
        for _ in range(12):
            open_.enter_context(opened(hasty, b"GET /masuk HTTP/1.1\r\nHost: x\r\n\r\n" * 20))

        assert any(answers(hasty) for _ in range(int(PATIENCE / 0.1)))


def answers(port: int) -> bool:
    """Whether a page is answered, now or after a moment."""
    try:
        return page(port) == 200
    except OSError:
        Event().wait(0.1)
        return False


def test_a_connection_that_is_kept_serves_one_request_after_the_other(roomy):
    kept = HTTPConnection("127.0.0.1", roomy, timeout=PATIENCE)
    kept.connect()
    own = kept.sock
    for _ in range(3):
        kept.request("GET", "/masuk")
        assert kept.getresponse().read()
    assert kept.sock is own
    kept.close()
