"""What the machine can do at all: due reports claimed with a unique row, mails of bytes written by hand, sent, settled.

No broker, no ORM, no template engine, one kept connection each to the database and the mail server, commands
pipelined. It reads from the database whom it tells what, and its mails are as long as the real ones and as valid: facts
escaped for HTML, parts quoted-printable. What never changes in them is written down encoded. Nobody could run a desk on
it; it says how far a real one is from the end of the road. In rows of its own beside `matter`.
"""

import socket
from binascii import b2a_qp
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from sqlalchemy import Connection, create_engine, make_url, text

from tests.load.world import Place

MAIL = (
    "From: Desk <desk@desk.example>\r\nTo: <%(to)s>\r\nSubject: Laporan %(code)s: batas waktu sudah tiba\r\n"
    "Message-ID: <%(id)s@limit.example>\r\nDate: %(date)s\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="=_b"\r\n\r\n'
    "--=_b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "Yth. %(title)s,\r\n\r\nLaporan %(code)s untuk Kecamatan\r\n%(area)s belum kami terima.\r\n"
    + "Mohon perkenan Bapak/Ibu untuk mengirimkannya melalui Sekretariat.\r\n"
    * 9
    + "--=_b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "<html><body><p>Yth. %(title_html)s,</p>\r\n<p>Laporan %(code_html)s untuk Kecamatan\r\n%(area_html)s</p>\r\n"
    + '<p style=3D"margin:0 0 16px">Mohon perkenan Bapak/Ibu untuk menelitinya.</p>\r\n' * 48
    + "</body></html>\r\n--=_b--\r\n"
)
"""As long as the real mail: 5.0 kB."""

NOTICE = (
    "create table limit_notice (matter_id integer not null, rung integer not null, state varchar(10) not null,"
    " unique (matter_id, rung))"
)
PLACE = (
    "create table limit_place (programme_id integer not null, area varchar(20) not null, office_id integer not null,"
    " contact_id integer not null, primary key (programme_id, area))"
)
DUE = (
    "select m.id, m.code, m.area, o.title, c.address from matter m"
    " join limit_place p on p.programme_id = m.programme_id and p.area = m.area"
    " join office o on o.id = p.office_id join contact c on c.id = p.contact_id"
    " where m.closed_at is null and m.next_at is not null and m.next_at <= {} order by m.next_at limit {}"
)


def prepare(connection: Connection, places: Iterable[Place]) -> None:
    for name, table in {"limit_notice": NOTICE, "limit_place": PLACE}.items():
        connection.execute(text(f"drop table if exists {name}"))
        connection.execute(text(table))
    row = text("insert into limit_place values (:programme_id, :area, :office_id, :contact_id)")
    connection.execute(row, [vars(place) for place in places])


class Chase:
    """One process of it."""

    def __init__(self, database: str, port: int) -> None:
        self.postgres = make_url(database).get_backend_name() == "postgresql"
        engine = create_engine(database, connect_args={} if self.postgres else {"timeout": 30, "isolation_level": None})
        self.db = engine.raw_connection().driver_connection
        if not self.postgres:
            self.db.execute("pragma journal_mode=wal")
            self.db.execute("pragma synchronous=full")
        self.smtp = socket.create_connection(("127.0.0.1", port))
        self.answers = self.smtp.makefile("rb")
        self.answers.readline()
        self._ask(b"EHLO limit\r\n", 2)

    def run(self, group: int) -> int:
        """Chase until nothing is due; how many. Settles one group and claims the next in one transaction."""
        done, sent = 0, list[int]()
        now = datetime.now(UTC)
        while claimed := self._settle_and_claim(sent, group, now):
            sent = [id for id, *_ in claimed]
            self._send(claimed, format_datetime(now))
            done += len(sent)
        return done

    def _settle_and_claim(self, sent: list[int], group: int, now: datetime) -> list[tuple[int, str, str, str, str]]:
        db = self.db
        if self.postgres:
            with db.transaction():
                if sent:
                    db.execute("update limit_notice set state = 'sent' where matter_id = any(%s)", (sent,))
                claimed = db.execute(DUE.format("%s", "%s") + " for update of m skip locked", (now, group)).fetchall()
                ids = [id for id, *_ in claimed]
                if ids:
                    db.execute("insert into limit_notice select unnest(%s::int[]), 1, 'sending'", (ids,))
                    db.execute("update matter set next_at = null where id = any(%s)", (ids,))
            return claimed
        db.execute("begin immediate")
        db.executemany("update limit_notice set state = 'sent' where matter_id = ?", [(id,) for id in sent])
        claimed = db.execute(DUE.format("?", "?"), (now.strftime("%Y-%m-%d %H:%M:%S.%f"), group)).fetchall()
        ids = [(id,) for id, *_ in claimed]
        db.executemany("insert into limit_notice values (?, 1, 'sending')", ids)
        db.executemany("update matter set next_at = null where id = ?", ids)
        db.execute("commit")
        return claimed

    def _send(self, claimed: list[tuple[int, str, str, str, str]], date: str) -> None:
        """Every mail at once with its commands; the text has to wait for 354 (RFC 2920, 3.1)."""
        for id, code, area, title, to in claimed:
            self._ask(f"MAIL FROM:<desk@desk.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n".encode(), 3)
            self._ask(_mail(id, to, date, {"code": code, "area": area, "title": title}) + b".\r\n", 1)

    def _ask(self, words: bytes, answers: int) -> None:
        self.smtp.sendall(words)
        for _ in range(answers):
            assert self.answers.readline()[:1] in b"23"


def _mail(id: int, to: str, date: str, facts: dict[str, str]) -> bytes:
    plain = {name: b2a_qp(fact.encode()).decode() for name, fact in facts.items()}
    html = {f"{name}_html": b2a_qp(escape(fact).encode()).decode() for name, fact in facts.items()}
    return (MAIL % {"id": id, "to": to, "date": date, **plain, **html}).encode()
