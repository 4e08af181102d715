"""All wordings on one page, made by the real renderer, for officials to read and approve.

`python -m notifiers.specimen > docs/texts.md` writes it anew; a test keeps the page current.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from notifiers.facts import Facts, Item
from notifiers.render import SMS_LINK, SMS_SIZE, Renderer
from rules import indonesian, links
from rules.advice import TITLES as TITLES_OF_ADVICE
from rules.advice import Sort, Stage
from rules.dispatch import ASKED
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES, Category
from rules.ladder import Say
from rules.links import Opens
from rules.moot import BEFOREHAND
from rules.policy import Severity
from rules.sessions import TELLING
from rules.summary import Section
from rules.tasks import REMEDIES, TITLES, Why

_ZONE = "Asia/Makassar"
_DUE_AT = datetime(2024, 2, 5, 7, tzinfo=UTC)
_HEAD = f"""# Naskah pesan

Halaman ini dibuat oleh sistem dari naskah yang sama dengan yang dikirim (`notifiers/templates/`); jangan disunting di
sini. Kata-katanya sama untuk semua tim. Kode, jabatan, tautan, nomor, dan waktu di bawah ini hanya contoh, tetapi
panjang dan bentuknya seperti yang dikirim.

- SMS: selalu satu segmen ({SMS_SIZE} karakter), tanpa isi permasalahan; tautan sampai {SMS_LINK} karakter selalu muat.
  Bila tidak muat, yang ditinggalkan berturut-turut: nomor Sekretariat, waktu, kode bila kecamatannya disebut, kata-kata
  santun, lalu tautan secara utuh (tidak pernah dipotong). Sapaan ditinggalkan paling akhir.
- Pelapor diminta mengirim laporannya. Yang lain diberi tahu kecamatannya, dan dimintai bantuan atau arahan.
- Bila balasan pada saluran itu diterima (`DESK_REPLY_TO`, `DESK_ANSWERED`), pesan yang meminta sesuatu menyebut bahwa
  ia boleh langsung dibalas; dalam SMS hanya bila muat tanpa meninggalkan kata lain.
- WhatsApp: kata-kata surel, dengan kode dan waktu saja; daftar panjang diringkas.
- Surel: teks dan HTML dibuat dari naskah yang sama; judulnya tidak memuat isi permasalahan.
- Bila satu desk menangani dua pemilihan sekaligus, setiap pesan menyebut pemilihan yang dimaksud.

This page is made by `python -m notifiers.specimen > docs/texts.md` from the templates themselves: a test fails when it
is not current.
"""

_TITLES = {
    Say.REMINDER: "Pengingat sebelum batas waktu",
    Say.AMENDED: "Perubahan batas waktu",
    Say.DROPPED: "Laporan tidak diperlukan lagi",
    Say.EXTENDED: "Perpanjangan waktu",
    Say.WAIVED: "Laporan dibebaskan",
    Say.REVOKED: "Perpanjangan atau pembebasan dicabut",
    Say.LOST: "Catatan desk hilang, mohon dikirim ulang",
    Say.RETURNED: "Laporan perlu perbaikan",
    Say.APPROVAL: "Laporan kepada Pemerintah menunggu persetujuan (kepada Sekretaris atau Ketua)",
    Say.APPROVED: "Laporan kepada Pemerintah sudah disetujui (kepada Sekretariat)",
    Say.SENT_BACK: "Laporan kepada Pemerintah dikembalikan sebelum disetujui (kepada Sekretariat)",
    Say.DUE: "Batas waktu tiba",
    Say.OVERDUE: "Lewat batas waktu",
    Say.WARNING: "Pemberitahuan sebelum diteruskan",
    Say.ESCALATION: "Penerusan kepada pimpinan",
    Say.PROBLEM: "Permasalahan",
    Say.ADVICE: "Saran, arahan, undangan",
    Say.TRIP: "Hasil kunjungan lapangan ditanyakan, satu kali",
    Say.WITHDRAWN: "Saran, arahan, undangan ditarik kembali",
    Say.RESOLVED: "Permasalahan dinyatakan selesai (kepada pelapornya)",
    Say.NOBODY: "Tidak ada yang dapat dihubungi (kepada Sekretariat)",
    Say.TASK: "Tugas Sekretariat",
    Say.SILENCE: "Kemungkinan gangguan jaringan (kepada Koordinator)",
    Say.GATE: "Belum siap menjelang waktunya (kepada Sekretaris)",
    Say.SUMMARY: "Ringkasan hari itu (kepada Ketua)",
    Say.RECEIVED: "Konfirmasi penerimaan",
    Say.SURE: "Nihil berulang, mohon dipastikan (kepada pelapor)",
    Say.DECLARED: "Disampaikan oleh kantor lain dalam tim (kepada pelapor)",
    Say.ROLL_CALL: "Apel kontak",
    Say.AIDE: "Isian desa diminta oleh pelapor kecamatan (kepada operator desa)",
    Say.SIGN_IN: "Tautan masuk yang diminta",
    Say.ANSWER: "Jawaban atas pesan",
    Say.SUBMISSION: "Laporan kepada Pemerintah, dengan berkas terlampir",
}


_GOVERNMENT = ("Gubernur Kalimantan Selatan c.q. Kepala Badan Kesatuan Bangsa dan Politik", "Gubernur")
_HEAD_OF_DESK = ("Kepala Badan Kesatuan Bangsa dan Politik", "Kepala Kesbangpol")
_REPORTER, _HEAD_OF_UNIT, _COORDINATOR, _CHAIR, _SECRETARIAT = (
    ("Camat Rantau Badauh", "Camat Rantau Badauh"),
    ("Kepala Dinas Pendidikan", "Kadis Pendidikan"),
    ("Asisten Perekonomian dan Pembangunan", "Asisten II"),
    ("Sekretaris Daerah", "Sekda"),
    ("Sekretariat Tim DESK Pemilu", "Sekretariat Desk"),
)
_AIDE = ("Operator Desa Sungai Gampa", "Op. Sungai Gampa")
_SUMMARY = (
    Section("Laporan hari ini", ("81 dari 85 laporan masuk; 6 terlambat; 4 belum masuk.",)),
    Section(
        "Permasalahan",
        (
            "7 terbuka: 1 sangat rawan, 6 rawan; 1 terbatas.",
            "Hari ini 9 dicatat, 3 dinyatakan selesai.",
            "P-0012, Kecamatan Rantau Badauh: Logistik, sangat rawan, 3 jam; Kepala Dinas Perhubungan.",
        ),
    ),
    Section("Keadaan menurut laporan", ("Logistik: 2 dari 17 kecamatan bermasalah, 1 belum dipantau.",)),
)
_ANSWER = ("R-0805 Kec. Rantau Badauh nihil kami terima 14.20 WITA, TT-000123.",)
_BRIEF = (
    Section(
        "Angka dalam laporan R-0805",
        (
            "Periode 5 s.d. 11 Februari 2024, keadaan sampai dengan 13 Februari 2024 pukul 18.00 WITA.",
            "Laporan yang wajib: 187, dari 17 kecamatan.",
            "Diterima: 170 (diisi 120, sebagian 5, nihil 45).",
        ),
    ),
)
_STAND = (
    Section(
        "Pergeseran logistik",
        (
            "Mulai 11 Februari 2024.",
            "Siap 38 dari 41 (92%), belum siap 3, terlambat dijawab 1.",
            "Menahan 3 dukungan lain: Penyaluran hibah, Sekretaris Daerah.",
        ),
    ),
)
_PHONE, _WHATSAPP = "+6282000000034", "+6282000000035"
_ADDRESS, _TOKEN = "https://desk.baritokualakab.go.id", links.token(Random(2024))  # noqa: S311 - it opens nothing


def page() -> str:
    """The whole page, ending with a line break."""
    renderer = Renderer()
    return "\n".join([_HEAD, *(line for say in _TITLES for line in _section(renderer, say))])


def _section(renderer: Renderer, say: Say) -> Iterator[str]:
    variants = dict(_variants(say))
    yield f"## {_TITLES[say]} (`{say}`)\n"
    for title, facts in variants.items():
        sms = renderer.sms(facts).text
        if title == _ANSWERED and sms == renderer.sms(replace(facts, replies=False)).text:
            continue  # there is no room to say so
        yield f"SMS, {title} ({len(sms)} karakter):\n\n```text\n{sms}\n```\n"
    (title, one), *_ = variants.items()
    yield f"WhatsApp, {title}:\n\n```text\n{renderer.whatsapp(one).text}\n```\n"
    for title, facts in variants.items():
        if title in _MAILED or (title == _ANSWERED and say is Say.REMINDER):
            mail = renderer.email(facts)
            yield f"Surel, {title}:\n\n```text\nJudul: {mail.subject}\n\n{mail.text.strip()}\n```\n"


_ONE, _HELP, _GRAVE = "satu hal", "kepada kepala unit dalam tim", "sangat rawan, kepada ketua"
_OWNER, _RESTRICTED = "kepada penanggung jawabnya", "permasalahan terbatas"
_INVITED, _GIVER = "undangan rapat", "sudah dilaksanakan, kepada pemberinya"
_ABOVE = "kepada yang membantu"
_ANSWERED = "boleh dibalas"
_UNANSWERED = "Belum dijawab. Nomor teleponnya ada pada halaman Apel kontak."
_AGENDA = "Tempat: Aula Kantor Bupati. Agenda: kesiapan logistik kecamatan sungai."
_MAILED = (_ONE, _HELP, _GRAVE, _OWNER, _RESTRICTED, _INVITED, _GIVER, _ABOVE)


def _variants(say: Say) -> Iterator[tuple[str, Facts]]:
    one = _facts(say, () if say in ASKED else (_item(say),))
    yield _ONE, one
    if say not in ASKED:
        first = one.items[0]
        second = replace(first, code=first.code[:-1] + "9", due_at=first.due_at + timedelta(hours=3))
        yield "beberapa hal", replace(one, items=(first, second))
        yield "tanpa tautan", replace(one, link=None)
    if say is Say.WARNING:
        title, sms_name = _HEAD_OF_UNIT
        asked = replace(one.items[0], office=_REPORTER[0])
        yield _HELP, replace(one, office=title, sms_name=sms_name, items=(asked,))
    if say is Say.PROBLEM:
        title, sms_name = _CHAIR
        grave = replace(one.items[0], grave=True, severity=SEVERITIES[Severity.HIGH], above=None)
        yield _GRAVE, replace(one, office=title, sms_name=sms_name, items=(grave,))
        title, sms_name = _HEAD_OF_UNIT
        yield _OWNER, replace(one, office=title, sms_name=sms_name, items=(replace(one.items[0], owned=True),))
        unsaid = Item(
            say=say,
            code=one.items[0].code,
            what="Permasalahan",
            area=RESTRICTED,
            due_at=_DUE_AT,
            zone=_ZONE,
            restricted=True,
        )
        yield _RESTRICTED, replace(one, items=(unsaid,))
    if say is Say.ADVICE:
        first, (title, sms_name) = one.items[0], _CHAIR
        meeting = replace(first, what=TITLES_OF_ADVICE[Sort.MEETING], sort=Sort.MEETING, todo=_AGENDA)
        yield _INVITED, replace(one, items=(meeting,))
        yield "mengingatkan rapat", replace(one, items=(replace(meeting, stage=Stage.CONFIRMED),))
        party = f"kepada {_REPORTER[0]}, mengenai P-0012"
        reported = replace(first, stage=Stage.DONE, owned=False, area=party)
        yield _GIVER, replace(one, office=title, sms_name=sms_name, items=(reported,))
    if say is Say.ROLL_CALL:
        title, sms_name = _COORDINATOR
        theirs = (replace(one.items[0], owned=False, todo=_UNANSWERED),)
        door = links.address(_ADDRESS, _TOKEN, Opens.DOOR)
        yield _ABOVE, replace(one, office=title, sms_name=sms_name, items=theirs, link=door, once=True)
    if say is Say.APPROVAL:
        title, sms_name = _SECRETARIAT
        waits = replace(one.items[0], office=_CHAIR[0])
        yield _ABOVE, replace(one, office=title, sms_name=sms_name, items=(waits,), secretariat="", call="", summary=())
    yield "dua pemilihan berjalan", replace(one, election="Pilkada 2024")
    mine = replace(one, items=tuple(replace(own, owned=True) for own in one.items), replies=True)
    if mine.may_reply:
        yield _ANSWERED, mine


def _item(say: Say) -> Item:
    if say is Say.TASK:
        return _task()
    if say in (Say.ADVICE, Say.WITHDRAWN):
        return _advice(say)
    if say is Say.SILENCE:
        area = "Kecamatan Tabunganen, Tamban, dan Mekarsari"
        return replace(_task(), say=say, what=TITLES[Why.SILENCE], area=area, todo=REMEDIES[Why.SILENCE], above=None)
    if say is Say.ROLL_CALL:
        return _roll_call()
    if say is Say.GATE:
        return _gate()
    if say is Say.SUBMISSION:
        return _submission()
    if say is Say.TRIP:
        return _trip()
    if say in (Say.APPROVAL, Say.APPROVED, Say.SENT_BACK):
        return _own_report(say)
    asker = {Say.DECLARED: ("Camat Tamban",) * 2, Say.AIDE: _REPORTER}.get(say, ("", ""))
    problem = say in (Say.PROBLEM, Say.RESOLVED)
    above = {Say.WARNING: _COORDINATOR, Say.ESCALATION: _CHAIR, Say.PROBLEM: _CHAIR}.get(say)
    return Item(
        say=say,
        code="P-0012" if problem else "R-0805",
        what=CATEGORIES[Category.LOGISTICS] if problem else "Laporan mingguan",
        area="Kecamatan Rantau Badauh",
        due_at=_DUE_AT,
        zone=_ZONE,
        period=None if problem else (date(2024, 1, 29), date(2024, 2, 4)),
        above=above and above[0],
        above_at=_DUE_AT + timedelta(hours=21) if above else None,
        severity=SEVERITIES[Severity.MEDIUM] if problem else None,
        received_at=_DUE_AT - timedelta(minutes=40) if say is Say.RECEIVED else None,
        receipt="TT-000123" if say is Say.RECEIVED else None,
        warned_at=_DUE_AT + timedelta(hours=2) if say is Say.ESCALATION else None,
        office=_REPORTER[0] if say in (Say.ESCALATION, Say.NOBODY) else None,
        returned=say is Say.RETURNED,
        declared="dinyatakan nihil" if say is Say.DECLARED else "",
        by=asker,
        moved_from=_DUE_AT - timedelta(days=2) if say is Say.AMENDED else None,
        moved_by="PKPU 5/2024 Lampiran" if say is Say.AMENDED else "",
    )


def _own_report(say: Say) -> Item:
    return Item(
        say=say,
        code="R-0805",
        what="Laporan kepada Gubernur",
        area="Kabupaten Barito Kuala",
        due_at=_DUE_AT,
        zone=_ZONE,
        period=(date(2024, 1, 29), date(2024, 2, 4)),
    )


def _advice(say: Say) -> Item:
    return Item(
        say=say,
        code="A-0012",
        what=TITLES_OF_ADVICE[Sort.DIRECTION],
        area=f"dari {_CHAIR[0]}, mengenai P-0012",
        due_at=_DUE_AT,
        zone=_ZONE,
        owned=True,
        todo="Mohon memastikan perahu siap di dermaga sebelum logistik diberangkatkan.",
        sort=Sort.DIRECTION,
        stage=Stage.GIVEN if say is Say.ADVICE else Stage.WITHDRAWN,
    )


def _trip() -> Item:
    return Item(
        say=Say.TRIP,
        code="L-0007",
        what="Kunjungan lapangan",
        area="Kecamatan Rantau Badauh",
        due_at=_DUE_AT,
        zone=_ZONE,
        owned=True,
    )


def _submission() -> Item:
    return Item(
        say=Say.SUBMISSION,
        code="R-0033",
        what="Laporan kepada Gubernur",
        area="Kabupaten Barito Kuala",
        due_at=_DUE_AT,
        zone=_ZONE,
        period=(date(2024, 1, 29), date(2024, 2, 4)),
        todo="Versi 1. Berkas: PDF (SHA-256 3f9a1c5e77b0...).",
    )


def _roll_call() -> Item:
    return Item(
        say=Say.ROLL_CALL,
        code="C-0004",
        what="Apel kontak",
        area=_REPORTER[0],
        due_at=_DUE_AT,
        zone=_ZONE,
        owned=True,
        todo="Mohon memastikan bahwa nomor, alamat, dan nama pemegang jabatan sudah benar.",
    )


def _gate() -> Item:
    return Item(
        say=Say.GATE,
        code="G-0002",
        what="Kesiapan dukungan",
        area="Pergeseran logistik",
        due_at=_DUE_AT,
        zone=_ZONE,
        figure="belum siap: 3 dari 41; belum ada yang lewat waktu",
    )


def _task() -> Item:
    return Item(
        say=Say.TASK,
        code="S-0003",
        what=TITLES[Why.DEAD_CONTACT],
        area=_REPORTER[0],
        due_at=_DUE_AT,
        zone=_ZONE,
        above=_CHAIR[0],
        above_at=_DUE_AT + timedelta(days=2),
        todo=REMEDIES[Why.DEAD_CONTACT],
    )


def _facts(say: Say, items: tuple[Item, ...]) -> Facts:
    to = {
        Say.ESCALATION: _COORDINATOR,
        Say.PROBLEM: _COORDINATOR,
        Say.SILENCE: _COORDINATOR,
        Say.SUMMARY: _CHAIR,
        Say.GATE: _HEAD_OF_DESK,
        Say.NOBODY: _SECRETARIAT,
        Say.APPROVAL: _CHAIR,
        Say.APPROVED: _SECRETARIAT,
        Say.SENT_BACK: _SECRETARIAT,
        Say.TASK: _SECRETARIAT,
        Say.SUBMISSION: _GOVERNMENT,
        Say.AIDE: _AIDE,
    }.get(say, _REPORTER)
    once = say in (Say.SIGN_IN, *TELLING) and say is not Say.ROLL_CALL
    asks = say not in (Say.RECEIVED, Say.DROPPED, Say.WITHDRAWN, Say.WAIVED, Say.SUBMISSION)
    return Facts(
        brand="Desk Batola",
        desk="Tim DESK Pemilu Kabupaten Barito Kuala",
        office=to[0],
        sms_name=to[1],
        zone=_ZONE,
        say=say,
        items=items,
        link=links.address(
            _ADDRESS, _TOKEN, Opens.DOOR if once else Opens.VILLAGE if say is Say.AIDE else Opens.REPORTS
        )
        if asks
        else None,
        once=once,
        secretariat=_REPORTER[0]
        if to is _AIDE
        else ""
        if to is _SECRETARIAT
        else indonesian.reached(_SECRETARIAT[0], _PHONE, _WHATSAPP),
        call="" if to in (_SECRETARIAT, _AIDE) else indonesian.telephone(_PHONE),
        answer=_ANSWER if say is Say.ANSWER else (),
        summary={Say.SUMMARY: _SUMMARY, Say.APPROVAL: _BRIEF, Say.GATE: _STAND}.get(say, ()),
        now=_DUE_AT - timedelta(hours=1) if say in BEFOREHAND else _DUE_AT + timedelta(hours=4),
    )


if __name__ == "__main__":
    print(page(), end="")
