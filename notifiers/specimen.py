"""All wordings on one page, made by the real renderer, for officials to read and approve.

`python -m notifiers.specimen > docs/texts.md` writes it anew; a test keeps the page current.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from notifiers.facts import Facts, Item
from notifiers.render import SMS_LINK, SMS_SIZE, Renderer
from rules.dispatch import BEFOREHAND
from rules.ladder import Say
from rules.sessions import TELLING
from rules.tasks import REMEDIES, TITLES, Why

_ZONE = "Asia/Makassar"
_DUE_AT = datetime(2024, 2, 5, 7, tzinfo=UTC)
_HEAD = f"""# Naskah pesan

Halaman ini dibuat oleh sistem dari naskah yang sama dengan yang dikirim (`notifiers/templates/`); jangan disunting di
sini. Kata-katanya sama untuk semua tim. Kode, jabatan, alamat, dan waktu di bawah ini hanya contoh.

- SMS: selalu satu segmen ({SMS_SIZE} tanda), tanpa rincian permasalahan, {SMS_LINK} tanda disediakan untuk tautan. Bila
  tidak muat, yang ditinggalkan berturut-turut: batas waktu, sapaan, lalu tautan secara utuh (tidak pernah dipotong).
- WhatsApp: kata-kata surel, dengan kode dan waktu saja; daftar panjang diringkas.
- Surel: teks dan HTML dibuat dari naskah yang sama; judulnya tidak memuat rincian permasalahan.

This page is made by `python -m notifiers.specimen > docs/texts.md` from the templates themselves: a test fails when it
is not current.
"""

_TITLES = {
    Say.REMINDER: "Pengingat sebelum batas waktu",
    Say.AMENDED: "Perubahan batas waktu",
    Say.DROPPED: "Laporan tidak diperlukan lagi",
    Say.RETURNED: "Laporan perlu perbaikan",
    Say.DUE: "Batas waktu tiba",
    Say.OVERDUE: "Lewat batas waktu",
    Say.WARNING: "Pemberitahuan sebelum diteruskan",
    Say.ESCALATION: "Penerusan kepada pimpinan",
    Say.PROBLEM: "Permasalahan",
    Say.NOBODY: "Tidak ada yang dapat dihubungi (kepada Sekretariat)",
    Say.TASK: "Tugas Sekretariat",
    Say.RECEIVED: "Konfirmasi penerimaan",
    Say.SIGN_IN: "Tautan masuk yang diminta",
}


def page() -> str:
    """The whole page, ending with a line break."""
    renderer = Renderer()
    return "\n".join([_HEAD, *(line for say in _TITLES for line in _section(renderer, say))])


def _section(renderer: Renderer, say: Say) -> Iterator[str]:
    one = _facts(say, () if say is Say.SIGN_IN else (_item(say),))
    yield f"## {_TITLES[say]} (`{say}`)\n"
    for title, facts in _variants(say, one):
        sms = renderer.sms(facts).text
        yield f"SMS, {title} ({len(sms)} tanda):\n\n```text\n{sms}\n```\n"
    yield f"WhatsApp:\n\n```text\n{renderer.whatsapp(one).text}\n```\n"
    mail = renderer.email(one)
    yield f"Surel:\n\n```text\nJudul: {mail.subject}\n\n{mail.text.strip()}\n```\n"


def _variants(say: Say, one: Facts) -> Iterator[tuple[str, Facts]]:
    if say is Say.SIGN_IN:
        yield "satu tautan", one
        return
    first = one.items[0]
    second = replace(first, code=first.code[:-1] + "9", due_at=first.due_at + timedelta(hours=3))
    yield "satu hal", one
    yield "beberapa hal", replace(one, items=(first, second))
    yield "tanpa tautan", replace(one, link=None)


def _item(say: Say) -> Item:
    if say is Say.TASK:
        return _task()
    problem = say is Say.PROBLEM
    above = (
        "Asisten Pemerintahan dan Kesejahteraan Rakyat" if say in (Say.OVERDUE, Say.WARNING) else "Sekretaris Daerah"
    )
    return Item(
        say=say,
        code="P-0012" if problem else "R-0805",
        what="Logistik" if problem else "Laporan mingguan",
        area="Kecamatan Tamban",
        due_at=_DUE_AT,
        zone=_ZONE,
        period=None if problem else (date(2024, 1, 29), date(2024, 2, 4)),
        above=above if say in (Say.OVERDUE, Say.WARNING, Say.ESCALATION, Say.PROBLEM) else None,
        above_at=_DUE_AT + timedelta(hours=21),
        severity="rawan" if problem else None,
        received_at=_DUE_AT - timedelta(minutes=40) if say is Say.RECEIVED else None,
        receipt="T-000123" if say is Say.RECEIVED else None,
        warned_at=_DUE_AT + timedelta(hours=2) if say is Say.ESCALATION else None,
        office="Camat Tamban" if say in (Say.ESCALATION, Say.NOBODY) else None,
        returned=say is Say.RETURNED,
    )


def _task() -> Item:
    return Item(
        say=Say.TASK,
        code="S-0003",
        what=TITLES[Why.DEAD_CONTACT],
        area="Camat Tamban",
        due_at=_DUE_AT,
        zone=_ZONE,
        above="Sekretaris Daerah",
        above_at=_DUE_AT + timedelta(days=2),
        todo=REMEDIES[Why.DEAD_CONTACT],
    )


def _facts(say: Say, items: tuple[Item, ...]) -> Facts:
    office, sms_name = {
        Say.ESCALATION: ("Asisten Pemerintahan dan Kesejahteraan Rakyat", "Asisten I"),
        Say.PROBLEM: ("Asisten Pemerintahan dan Kesejahteraan Rakyat", "Asisten I"),
        Say.NOBODY: ("Sekretariat Tim DESK Pemilu", "Sekretariat Desk"),
        Say.TASK: ("Sekretariat Tim DESK Pemilu", "Sekretariat Desk"),
    }.get(say, ("Camat Tamban", "Camat Tamban"))
    return Facts(
        brand="Desk Batola",
        desk="Tim DESK Pemilu Kabupaten Barito Kuala",
        office=office,
        sms_name=sms_name,
        zone=_ZONE,
        say=say,
        items=items,
        link=f"https://desk.baritokuala.example/{'m' if say in (Say.SIGN_IN, *TELLING) else 'l'}/4k7p2mxq",
        secretariat="Sekretariat Desk, telepon (0511) 0000",
        now=_DUE_AT - timedelta(hours=1) if say in BEFOREHAND else _DUE_AT + timedelta(hours=4),
    )


if __name__ == "__main__":
    print(page(), end="")
