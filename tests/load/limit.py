"""What the machine can do at all: due reports claimed with a unique row, mails of bytes written by hand, sent, settled.

No broker, no ORM, no template, one kept connection each to the database and the mail server, commands pipelined. Nobody
could run a desk on it; it says how far a real one is from the end of the road. In rows of its own beside `matter`.
"""

import socket
from datetime import UTC, datetime

from sqlalchemy import Connection, create_engine, make_url, text

MAIL = (
    "From: Desk <desk@desk.example>\r\nTo: <{to}>\r\nSubject: Laporan harian: batas waktu sudah tiba\r\n"
    "Message-ID: <{id}@limit.example>\r\nDate: Tue, 13 Feb 2024 06:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYth. Camat,\r\n\r\n{line}\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>Yth. Camat,</p>{line}</body></html>\r\n"
    "--b--\r\n"
)
LINE = "Laporan harian untuk Kecamatan {area} dengan batas waktu 15.00 WIT belum kami terima.\r\n" * 20
"""About as long as the real mail."""

TABLE = (
    "create table limit_notice (matter_id integer not null, rung integer not null, state varchar(10) not null,"
    " unique (matter_id, rung))"
)


def prepare(connection: Connection) -> None:
    connection.execute(text("drop table if exists limit_notice"))
    connection.execute(text(TABLE))


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
        while True:
            claimed = self._settle_and_claim(sent, group, now)
            if not claimed:
                return done
            sent = [id for id, _ in claimed]
            self._send(claimed)
            done += len(sent)

    def _settle_and_claim(self, sent: list[int], group: int, now: datetime) -> list[tuple[int, str]]:
        db = self.db
        if self.postgres:
            with db.transaction():
                if sent:
                    db.execute("update limit_notice set state = 'sent' where matter_id = any(%s)", (sent,))
                claimed = db.execute(
                    "select id, area from matter where closed_at is null and next_at is not null and next_at <= %s"
                    " order by next_at limit %s for update skip locked",
                    (now, group),
                ).fetchall()
                ids = [id for id, _ in claimed]
                if ids:
                    db.execute("insert into limit_notice select unnest(%s::int[]), 1, 'sending'", (ids,))
                    db.execute("update matter set next_at = null where id = any(%s)", (ids,))
            return claimed
        db.execute("begin immediate")
        db.executemany("update limit_notice set state = 'sent' where matter_id = ?", [(id,) for id in sent])
        claimed = db.execute(
            "select id, area from matter where closed_at is null and next_at is not null and next_at <= ?"
            " order by next_at limit ?",
            (now.strftime("%Y-%m-%d %H:%M:%S.%f"), group),
        ).fetchall()
        ids = [(id,) for id, _ in claimed]
        db.executemany("insert into limit_notice values (?, 1, 'sending')", ids)
        db.executemany("update matter set next_at = null where id = ?", ids)
        db.execute("commit")
        return claimed

    def _send(self, claimed: list[tuple[int, str]]) -> None:
        """Every mail at once with its commands; the text has to wait for 354 (RFC 2920, 3.1)."""
        for id, area in claimed:
            to = f"camat{id}@limit.example"
            self._ask(f"MAIL FROM:<desk@desk.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n".encode(), 3)
            mail = MAIL.format(to=to, id=id, line=LINE.replace("{area}", area))
            self._ask(mail.encode() + b".\r\n", 1)

    def _ask(self, words: bytes, answers: int) -> None:
        self.smtp.sendall(words)
        for _ in range(answers):
            assert self.answers.readline()[:1] in b"23"
