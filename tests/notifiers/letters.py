"""Facts, items and letters to begin a test with; every test says only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from notifiers.base import Letter
from notifiers.facts import Facts, Item
from rules.desk import Channel
from rules.ladder import Say

NOW = datetime(2023, 12, 12, 7, 15, tzinfo=UTC)
LINK = "https://desk.baritokualakab.go.id/l/aB3dE5gH7jK9mN1p"
SHORT_LINK = "https://desk.batola.go.id/l/aB3dE5gH7jK9mN1p"
CALL = "(0511) 4799123"
SECRETARIAT = f"Sekretariat Desk, telepon {CALL}"
SENDER = "desk@baritokuala.example"

_REPORT = Item(
    say=Say.OVERDUE,
    code="R-0805",
    what="Laporan mingguan",
    area="Kecamatan Rantau Badauh",
    due_at=datetime(2023, 12, 12, 7, tzinfo=UTC),
    zone="Asia/Makassar",
    period=(date(2023, 12, 4), date(2023, 12, 10)),
)
_PROBLEM = Item(
    say=Say.PROBLEM,
    code="P-0012",
    what="Netralitas aparatur",
    area="Kecamatan Rantau Badauh",
    due_at=datetime(2023, 12, 12, 1, tzinfo=UTC),
    zone="Asia/Makassar",
    severity="sangat rawan",
)


def report(**changes: Any) -> Item:
    return replace(_REPORT, **changes)


def problem(**changes: Any) -> Item:
    return replace(_PROBLEM, **changes)


def facts(*items: Item, **changes: Any) -> Facts:
    """What Camat Rantau Badauh is told; one overdue report unless items are given."""
    told = items or (_REPORT,)
    return replace(
        Facts(
            brand="Desk Batola",
            desk="Tim DESK Pemilu Kabupaten Barito Kuala",
            office="Camat Rantau Badauh",
            sms_name="Camat Rantau Badauh",
            zone="Asia/Makassar",
            say=max((item.say for item in told), key=lambda say: say.severity),
            items=told,
            link=LINK,
            secretariat=SECRETARIAT,
            call=CALL,
            now=NOW,
        ),
        **changes,
    )


def letter(**changes: Any) -> Letter:
    return replace(
        Letter(
            message_id=12,
            channel=Channel.EMAIL,
            to="camat.tamban@baritokuala.example",
            subject="Desk Batola: laporan R-0805 belum kami terima",
            text="Yth. Bapak/Ibu Camat Tamban,\n\nlaporan belum kami terima.\n",
            html="<p>Laporan belum kami terima.</p>\n",
            rfc_id="<12.a1b2@baritokuala.example>",
            at=NOW,
            sender_name="Desk Batola",
        ),
        **changes,
    )
