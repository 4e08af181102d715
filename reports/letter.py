"""The letter and its annexes as the template lays them out: every text ready and printable, nothing left to compute."""

from typing import Any

from reports import charts, printable, rows
from reports.facts import Header, Status, Weekly, digest
from rules.indonesian import count, local_date, moment, number, percent, period, spelled

FORMS = ("Pj. ", "Plt. ", "Plh. ", "a.n. ", "u.b. ")
BLANK = "." * 24


def view(facts: Weekly) -> dict[str, Any]:
    """Everything the template prints, in the order it prints it."""
    head = facts.header
    texts: dict[str, Any] = {
        "title": _title(head),
        "author": head.desk,
        "letterhead": _letterhead(head),
        "place_date": f"{head.seat}, {BLANK} {local_date(head.cut_off, head.zone).year}",
        "reference": _reference(head),
        "to": _addressee(head),
        "opening": _opening(head),
        "bases": list(facts.legal_bases),
        "summary": rows.summary(facts),
        "condition": _condition(facts),
        "stages": rows.stages(facts),
        "problems": _problems(facts),
        "advice": [_advice(r.text, r.to, r.problem) for r in facts.recommendations],
        "missing": _missing(facts),
        "closing": _closing(head),
        "signature": _signature(head.signatory),
        "copies": _copies(head.copies),
        "annex": _annex(facts),
        "footer": f"{_version(head)}data sampai dengan {moment(head.cut_off, head.zone)} · sidik {digest(facts)[:16]}",
    }
    pictures = {"receipt": charts.receipt(facts) if facts.reports else "", "treatment": charts.treatment(facts)}
    return {**printable.every(texts), "charts": pictures}


def _period(head: Header) -> str:
    return period(head.period_start, head.period_end)


def _title(head: Header) -> str:
    return f"{head.subject} (periode {_period(head)})"


def _version(head: Header) -> str:
    return f"ralat ke-{head.version - 1} · " if head.version > 1 else ""


def _letterhead(head: Header) -> list[str]:
    if head.letterhead:
        return list(head.letterhead)
    office = head.signatory.splitlines()[0]
    for form in FORMS:
        office = office.removeprefix(form)
    return [office.strip(" ,").upper()]


def _reference(head: Header) -> list[list[str]]:
    correction = [f"Ralat ke-{head.version - 1}"] if head.version > 1 else []
    return [
        ["Nomor", BLANK],
        ["Sifat", head.nature],
        ["Lampiran", f"{spelled(1)} berkas"],
        ["Hal", head.subject, f"(periode {_period(head)})", *correction],
    ]


def _addressee(head: Header) -> list[str]:
    unit = head.attention.removeprefix("c.q.").strip()
    return [f"Yth. {head.to}", *([f"c.q. {unit}"] if unit else []), f"di – {head.place}"]


def _opening(head: Header) -> str:
    return (
        f"Bersama ini kami laporkan dengan hormat perkembangan {head.election} di {head.regency} periode "
        f"{_period(head)}, berdasarkan laporan yang diterima {head.desk} sampai dengan "
        f"{moment(head.cut_off, head.zone)}, sebagai berikut:"
    )


def _condition(facts: Weekly) -> list[str]:
    return [_places(facts), _received(facts), _treated(facts)]


def _places(facts: Weekly) -> str:
    polling, head = facts.polling, facts.header
    known = []
    if polling and polling.stations is not None:
        known.append(f"{number(polling.stations)} TPS")
    if polling and polling.voters is not None:
        known.append(f"{number(polling.voters)} pemilih terdaftar")
    more = f", dengan {' dan '.join(known)} (sumber: {polling.source})" if polling and known else ""
    return f"Pemantauan meliputi {number(len(facts.districts))} kecamatan di {head.regency}{more}."


def _received(facts: Weekly) -> str:
    owed, received = facts.total("owed"), facts.total("received")
    if not owed:
        return "Kewajiban laporan kecamatan pada periode ini: nihil."
    kinds = (
        f" {number(received)} ({percent(received, owed)}), yaitu {count(facts.total('filled'))} berisi perkembangan, "
        f"{count(facts.total('nil'))} laporan nihil, dan {count(facts.total('partial'))} terisi sebagian; "
        f"di antaranya diterima setelah batas waktu: {count(facts.total('late'))}"
    )
    return (
        f"Dari {number(owed)} laporan yang wajib disampaikan kecamatan pada periode ini, diterima"
        f"{kinds if received else ': nihil'}. Dikecualikan: {count(facts.total('waived'))}. "
        f"Belum diterima: {count(facts.total('missing'))}."
    )


def _treated(facts: Weekly) -> str:
    states = [problem.status for problem in facts.problems]
    if not states:
        return "Permasalahan yang tercatat sampai batas data: nihil."
    return (
        f"Permasalahan yang tercatat sampai batas data: {number(len(states))}, yaitu "
        f"{count(states.count(Status.RESOLVED))} selesai, {count(states.count(Status.ACKNOWLEDGED))} dalam penanganan, "
        f"dan {count(states.count(Status.OPEN))} belum selesai."
    )


def _problems(facts: Weekly) -> dict[str, Any]:
    chosen = rows.gravest(facts)
    note = ""
    if len(chosen) < len(facts.problems):
        note = (
            f"Ditampilkan {len(chosen)} dari {number(len(facts.problems))} permasalahan: yang belum selesai, menurut "
            f"tingkat kerawanan dan tanggal. Seluruhnya pada Lampiran II."
        )
    return {"rows": rows.problems(facts, chosen), "note": note}


def _advice(text: str, to: str, problem: str) -> str:
    about = f" ({problem})" if problem else ""
    return f"{to}: {text}{about}" if to else f"{text}{about}"


def _missing(facts: Weekly) -> dict[str, Any]:
    many, places = facts.total("missing"), len(facts.missing)
    detailed = many <= rows.BOUNDS.missing
    where = "" if detailed else " Kode laporan dan batas waktu masing-masing pada Lampiran III."
    said = (
        f"Sampai dengan {moment(facts.header.cut_off, facts.header.zone)}, {number(many)} laporan dari "
        f"{number(places)} kecamatan berikut belum kami terima.{where}"
    )
    none = (
        "Nihil. Seluruh laporan yang wajib disampaikan pada periode ini telah diterima atau dikecualikan."
        if facts.reports
        else "Nihil. Tidak ada laporan yang wajib disampaikan pada periode ini."
    )
    return {
        "said": said if many else none,
        "detailed": detailed,
        "rows": rows.missing(facts, detailed=detailed),
    }


def _closing(head: Header) -> list[str]:
    return [
        "Angka dalam laporan ini adalah hasil pemantauan, bukan data resmi KPU maupun Bawaslu.",
        f"Demikian disampaikan, atas perhatian Bapak/Ibu {head.to.removeprefix('Yth. ')} diucapkan terima kasih.",
    ]


def _signature(signatory: str) -> list[str]:
    lines = [line.strip(" ,") for line in signatory.splitlines() if line.strip(" ,")]
    return [f"{_capitals(line)}{',' if n == len(lines) else ''}" for n, line in enumerate(lines, 1)]


def _capitals(line: str) -> str:
    form = next((form for form in FORMS if line.startswith(form)), "")
    return form + line.removeprefix(form).upper()


def _copies(copies: tuple[str, ...]) -> list[str]:
    bare = [copy.rstrip(" ;.") for copy in copies]
    return [f"{copy}{'.' if n == len(bare) else ';'}" for n, copy in enumerate(bare, 1)]


def _annex(facts: Weekly) -> dict[str, Any]:
    head = facts.header
    return {
        "heading": f"{head.desk}, periode {_period(head)}",
        "districts": rows.districts(facts),
        "totals": rows.totals(facts),
        "waived": rows.waived(facts),
        "problems": rows.problems(facts, facts.problems) if len(facts.problems) > rows.BOUNDS.problems else [],
        "missing": [] if facts.total("missing") <= rows.BOUNDS.missing else rows.missing(facts, detailed=True),
        "about": [
            ["Batas data", moment(head.cut_off, head.zone)],
            ["Sidik laporan (SHA-256)", digest(facts)],
            ["Kalender", head.calendar_digest],
            ["Kebijakan", head.policy_digest],
        ],
    }
