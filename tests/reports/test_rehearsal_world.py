"""A rehearsal that never ran: the lines of a large one, made by a seed, for the tests of its page."""

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from reports.rehearsal.page import Area, Document, Duty, Office, Outage, RehearsalFacts, Scenario, Stage
from rules.quiet import Window

ZONE = ZoneInfo("Asia/Makassar")
START, END, VOTING = date(2022, 6, 14), date(2024, 3, 20), date(2024, 2, 14)
DISTRICTS = (
    "Tabunganen", "Tamban", "Anjir Pasar", "Anjir Muara", "Alalak", "Mandastana", "Rantau Badauh", "Belawang", "Cerbon",
    "Bakumpai", "Kuripan", "Tabukan", "Mekarsari", "Barambai", "Marabahan", "Wanaraya", "Jejangkit",
)  # fmt: skip
TEAMS = ("I", "VIII", "II", "II", "III", "III", "IV", "IV", "V", "V", "VI", "VI", "VIII", "VII", "VII", "IX", "IX")
AREAS = tuple(Area(f"63.04.{n:02}", DISTRICTS[n - 1], f"Tim DESK {TEAMS[n - 1]}") for n in range(1, 18))
OFFICES = (
    *(Office(f"camat-{n:02}", f"Camat {name}") for n, name in enumerate(DISTRICTS, start=1)),
    *(Office(f"dinas-{n:02}", f"Kepala Dinas Contoh {n}") for n in range(1, 18)),
    Office("asisten", "Asisten Pemerintahan dan Kesra"),
    Office("kesbangpol", "Kepala Badan Kesatuan Bangsa dan Politik"),
    Office("sekda", "Sekretaris Daerah"),
    Office("sekretariat", "Sekretariat Desk"),
)
DUTIES = (
    Duty("weekly", "Laporan mingguan", "routine"),
    Duty("daily", "Laporan harian sebelum hari H", "routine"),
    Duty("voting", "Laporan hari pemungutan suara", "urgent"),
    Duty("after", "Laporan harian sesudah hari H", "routine"),
    Duty("weekly-after", "Laporan mingguan rekapitulasi", "routine"),
    Duty("final", "Laporan akhir", "routine"),
)
PKPU = "PKPU 3/2022"
STAGES = tuple(
    Stage(code, name, date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None, basis)
    for code, name, start, end, basis in (
        ("P24-01A", "Perencanaan program dan anggaran", "2022-06-14", "2024-06-14", PKPU),
        ("P24-03", "Pendaftaran dan verifikasi Peserta Pemilu", "2022-07-29", "2022-12-13", PKPU),
        ("P24-02", "Pemutakhiran data Pemilih dan penyusunan daftar Pemilih", "2022-10-14", "2023-06-21", PKPU),
        ("P24-05", "Penetapan jumlah kursi dan penetapan daerah pemilihan", "2022-10-14", "2023-02-09", PKPU),
        ("P24-06B", "Pencalonan anggota DPR, DPRD provinsi, dan DPRD kabupaten/kota", "2023-04-24", "2023-11-25", PKPU),
        ("P24-06C", "Pencalonan Presiden dan Wakil Presiden", "2023-10-19", "2023-11-25", PKPU),
        ("P24-07", "Masa Kampanye Pemilu", "2023-11-28", "2024-02-10", PKPU),
        ("P24-08", "Masa Tenang", "2024-02-11", "2024-02-13", PKPU),
        ("P24-09A", "Pemungutan suara", "2024-02-14", "2024-02-14", PKPU),
        ("P24-09B", "Penghitungan suara", "2024-02-14", "2024-02-15", PKPU),
        ("P24-10B", "Rekapitulasi tingkat kecamatan (PPK)", "2024-02-15", "2024-03-02", "PKPU 5/2024"),
        ("P24-10C", "Rekapitulasi tingkat kabupaten/kota", "2024-02-17", "2024-03-05", "PKPU 5/2024"),
        ("P24-12C", "Pengucapan sumpah/janji anggota DPR dan DPD", "2024-10-01", "2024-10-01", PKPU),
        ("P24-R2-04", "Putaran kedua: pemungutan suara", None, None, PKPU),
    )
)  # fmt: skip
HABITS = {"reminder": -120, "due": 5, "overdue": 120, "warning": 300, "escalation": 1260}
WORDS = {
    "reminder": "izin mengingatkan laporan {code} mohon dikirim s.d. {due}. Terima kasih.",
    "due": "laporan {code} jatuh tempo {due}. Mohon dikirim, nihil pun dilaporkan.",
    "overdue": "laporan {code} (batas {due}) belum kami terima. Mohon dikirim: desk.batola.example/t/7Kq2Xw9PzR4m",
    "warning": "laporan {code} belum kami terima. Bila s.d. 12.00 WITA belum ada, kami teruskan kepada Koordinator.",
    "escalation": "laporan {code} (batas {due}) belum kami terima sesudah diingatkan. Mohon bantuan Bapak/Ibu.",
    "received": "laporan {code} sudah kami terima. Terima kasih atas kerja samanya.",
    "problem": "ada permasalahan {code} yang perlu ditangani. Rinciannya: desk.batola.example/t/7Kq2Xw9PzR4m",
}


@cache
def facts(seed: int = 7) -> RehearsalFacts:
    """About 2,000 reports owed, over 8,000 messages, over 10,000 decisions. The same seed, the same lines."""
    world = World(random.Random(seed))
    world.live()
    return RehearsalFacts(
        programme="Pemilu 2024, Kabupaten Barito Kuala",
        desk="Tim DESK Pemilu Kabupaten Barito Kuala",
        election="Pemilu 2024",
        zone="Asia/Makassar",
        start=START,
        end=END,
        seed=seed,
        scenario=Scenario("biasa", "Kebanyakan kecamatan melapor tepat waktu; sinyal putus pada H-1."),
        areas=tuple(reversed(AREAS)),
        offices=OFFICES,
        duties=DUTIES,
        stages=STAGES,
        voting_day=VOTING,
        quiet=(Window(time(20), time(7)), Window(time(11, 30), time(13, 30), frozenset({4}))),
        outages=(Outage(local(date(2024, 2, 13), "06:00"), local(date(2024, 2, 13), "15:00"), "Pekerja berhenti"),),
        obligations=world.obligations,
        messages=world.messages,
        notices=world.notices,
        problems=world.problems,
        documents=tuple(
            Document(f"laporan/{week}.{kind}", f"Laporan mingguan {week}", first, first + timedelta(days=6),
                     (("Kecamatan melapor", "17 dari 17"), ("Permasalahan baru", "2")))
            for week, first in (("2024-W06", date(2024, 2, 5)), ("2024-W07", date(2024, 2, 12)))
            for kind in ("pdf", "docx", "xlsx")
        ),
        summary={
            "counts": {"obligations": len(world.obligations), "messages": len(world.messages)},
            "promises": [{"text": "Kelambatan diketahui dalam 60 detik", "kept": True, "found": "paling lama 12"}],
            "price_per_segment": 450,
        },
    )  # fmt: skip


class World:
    """Lines in the making."""

    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self.obligations: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []

    def live(self) -> None:
        for duty, stage, slot, at, on in occasions():
            for place in range(1, 18):
                self.owe(duty, stage, place, slot, local(on, at))
        for n in range(6):
            self.trouble(n)
        self.messages.sort(key=lambda line: line["at"])

    def owe(self, duty: str, stage: str, place: int, slot: str, due: datetime) -> None:
        code, key = f"R-{len(self.obligations) + 1:04}", f"pemilu-2024/batola/{duty}/63.04.{place:02}/{slot}"
        fate = self.luck.choices(("on_time", "late", "missing"), (84, 13, 3))[0]
        after = {"on_time": -self.luck.randint(5, 300), "late": self.luck.randint(6, 2400), "missing": 10**6}[fate]
        received = due + timedelta(minutes=after) if fate != "missing" else None
        line = {
            "key": key, "code": code, "duty": duty, "stage": stage, "area": f"63.04.{place:02}", "team": "VIII",
            "slot": slot, "zone": "Asia/Makassar", "period_start": due.date().isoformat(),
            "period_end": due.date().isoformat(), "opens_at": stamp(due - timedelta(days=1)), "due_at": stamp(due),
            "standing": "received" if received else "owed", "timeliness": fate,
            "content": self.luck.choices(("filled", "nil", "partial"), (72, 25, 3))[0] if received else None,
            "received_at": stamp(received) if received else None,
        }  # fmt: skip
        self.obligations.append(line)
        self.chase(line, place, due, after, urgent=duty == "voting")

    def chase(self, line: dict[str, Any], place: int, due: datetime, after: int, *, urgent: bool) -> None:
        for rung, (say, minutes) in enumerate(HABITS.items()):
            at = due + timedelta(minutes=minutes / 8 if urgent and minutes > 0 else minutes)
            moot = after < minutes
            for office, audience in self.circle(say, place):
                self.tell(line, rung, say, office, audience, at, moot=moot, urgent=urgent)
            if moot:
                break
        if line["received_at"] and self.luck.random() < 0.97:
            at = due + timedelta(minutes=after + 1)
            self.tell(line, 9, "received", f"camat-{place:02}", "reporter", at, moot=False, urgent=True)

    def circle(self, say: str, place: int) -> list[tuple[str, str]]:
        reporter, team = (f"camat-{place:02}", "reporter"), (f"dinas-{place:02}", "team")
        above = [("asisten" if place % 2 else "kesbangpol", "coordinator")]
        return {"reminder": [reporter, team], "due": [reporter]}.get(
            say, above if say == "escalation" else [reporter, team]
        )

    def tell(
        self,
        line: dict[str, Any],
        rung: int,
        say: str,
        office: str,
        audience: str,
        at: datetime,
        *,
        moot: bool,
        urgent: bool,
    ) -> None:
        for channel in (
            ("sms", "email") if say in ("reminder", "overdue", "warning", "escalation", "problem") else ("sms",)
        ):
            key = f"{line['key']}#{rung}/{office}/{channel}"
            notice = {
                "key": key, "matter": line["key"], "ladder": "urgent" if urgent else "routine", "rung": rung,
                "round": 0, "recipient": office, "channel": channel, "planned_at": stamp(at), "release_at": stamp(at),
                "audience": audience, "say": say, "urgent": urgent, "state": "moot" if moot else "dispatched",
                "reason": "no longer owed: received" if moot else "",
            }  # fmt: skip
            self.notices.append(notice)
            if not moot:
                self.say(line, notice, say, office, channel, at if urgent else awake(at))

    def say(
        self, line: dict[str, Any], notice: dict[str, Any], say: str, office: str, channel: str, at: datetime
    ) -> None:
        due = datetime.fromisoformat(line["due_at"]).astimezone(ZONE)
        text = f"Desk Batola: Yth. Bapak/Ibu, {WORDS[say].format(code=line['code'], due=f'{due:%d/%m %H.%M} WITA')}"
        number = len(self.messages) + 1
        letter = f"Yth. Bapak/Ibu,\n\n{text}\n\nMohon dikirim melalui tautan di bawah ini.\n\nSekretariat Desk"
        self.messages.append({
            "id": f"m-{number:05}", "at": stamp(at), "channel": channel, "recipient": office,
            "to": "+62820****01" if channel == "sms" else "c****@batola.example", "template": f"{say}/{channel}",
            "subject": f"{line['code']}: {say}" if channel == "email" else None,
            "text": letter if channel == "email" else text, "segments": 1 if channel == "sms" else 0,
            "notices": [notice["key"]], "state": "sent",
        })  # fmt: skip

    def trouble(self, n: int) -> None:
        opened = local(date(2024, 2, 5 + 2 * n), f"{8 + n:02}:20")
        key = f"pemilu-2024/batola/problem/P-{n + 1:04}"
        self.problems.append({
            "code": f"P-{n + 1:04}", "area": f"63.04.{2 * n + 1:02}", "severity": ("low", "medium", "high")[n % 3],
            "category": ("logistics", "power_and_network", "security")[n % 3], "opened_at": stamp(opened),
            "title": ("Kotak suara kurang dua", "Listrik padam di tiga TPS", "Jalan ke TPS terendam")[n % 3],
            "acknowledged_at": stamp(opened + timedelta(hours=n)) if n % 4 else None,
            "resolved_at": stamp(opened + timedelta(hours=9 * n)) if n % 3 else None,
        })  # fmt: skip
        line = {"key": key, "code": f"P-{n + 1:04}", "due_at": stamp(opened)}
        for office, audience, minutes in (
            ("dinas-01", "team", 1),
            ("asisten", "coordinator", 45),
            ("sekda", "chair", 400),
        ):
            self.tell(
                line, 0, "problem", office, audience, opened + timedelta(minutes=minutes), moot=False, urgent=True
            )


def occasions() -> list[tuple[str, str, str, str, date]]:
    """Duty, stage, slot, local time and day of every report each district owes."""
    day = timedelta(days=1)
    weeks = [date(2022, 6, 20) + 7 * day * n for n in range(86)]
    found = [("weekly", stage_on(d), f"{d:%G-W%V}", "15:00", d) for d in weeks]
    found += [("daily", "P24-08" if n < 4 else "P24-07", f"H-{n}", "15:00", VOTING - day * n) for n in range(7, 0, -1)]
    found += [
        ("voting", "P24-09A", f"H@{at.replace(':', '.')}", at, VOTING)
        for at in ("07:30", "10:00", "13:30", "18:00", "22:00")
    ]
    found += [("after", "P24-10B", f"H+{n}", "15:00", VOTING + day * n) for n in range(1, 8)]
    found += [
        ("weekly-after", "P24-10C", f"{d:%G-W%V}", "15:00", d)
        for d in (date(2024, 2, 26), date(2024, 3, 4), date(2024, 3, 11))
    ]
    return [*found, ("final", "P24-10C", "2024-03-19", "15:00", date(2024, 3, 19))]


def stage_on(day: date) -> str:
    return [s.code for s in STAGES if s.start and s.end and s.start <= day <= s.end][-1]


def awake(at: datetime) -> datetime:
    """At seven when it falls into the night, at half past one after Friday's prayer."""
    here = at.astimezone(ZONE)
    if here.hour >= 20 or here.hour < 7:
        day = here.date() + timedelta(days=here.hour >= 20)
        return datetime.combine(day, time(7), ZONE)
    friday = here.weekday() == 4 and time(11, 30) <= here.time() < time(13, 30)
    return datetime.combine(here.date(), time(13, 30), ZONE) if friday else at


def local(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), ZONE)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def test_the_made_rehearsal_is_as_large_as_the_real_one():
    made = facts()

    assert len(made.obligations) >= 1_800
    assert len(made.messages) >= 8_000
    assert len(made.notices) >= 10_000


def test_the_same_seed_gives_the_same_rehearsal():
    assert facts.__wrapped__(3) == facts.__wrapped__(3)
