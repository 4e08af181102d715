"""The chapters on what reports say, what the desk did and what may come: every figure counted again from the rows."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.government import facts as weekly
from reports.government import letter, tracing
from reports.government.document import Numbered, Paragraph, Table
from reports.government.facts import Since, Status, Weekly
from reports.government.figures import printed
from reports.government.situation import Counted, Figure, Group
from rules.forms import Condition
from rules.policy import Severity
from rules.situation import Shown
from tests.reports import found_samples, samples


def chapter(facts: Weekly, code: str) -> str:
    """All that a chapter or annex says, cells and all."""
    document = letter.document(facts)
    own = next(part for part in document.parts() if part.code == code)
    said = []
    for block in own.blocks:
        if isinstance(block, Table):
            said += ["\n".join(map(str, row)) for row in (*block.rows, block.foot)]
        said += [block.text] if isinstance(block, Paragraph) else []
        said += block.items if isinstance(block, Numbered) else []
    return "\n".join(said)


@pytest.fixture(scope="module")
def full() -> Weekly:
    return found_samples.week()


def test_what_was_frozen_is_read_again_the_same(full):
    assert weekly.from_json(weekly.to_json(full)) == full


def test_a_report_from_before_findings_were_gathered_says_none_of_them(full):
    old = replace(full, findings=None)

    codes = [part.code for part in letter.document(old).parts()]

    gathered = {"activities", "support", "situation", "advice", "outlook", "requests", "conclusion", "team"}
    assert gathered.isdisjoint(codes)
    assert not [name for name in printed(old) if name.startswith(("situation", "advice", "risks", "late", "support"))]


def test_a_bidang_is_told_with_its_denominator_and_with_what_nobody_looked_at(full):
    said = chapter(full, "situation")

    assert (
        "2 bermasalah, 2 perlu perhatian, 1 tidak mutakhir, 1 belum dipantau, 1 nihil, 10 aman, dari 17 kecamatan"
        in said
    )
    assert "Tabunganen: bermasalah. Kotak suara belum tiba karena ombak (12 Februari 2024 pukul 15.00 WITA)" in said
    assert "Desa sudah menerima: 33 (3 dari 17 kecamatan melaporkan)" in said


def test_voting_day_is_told_out_of_the_polling_stations_of_those_who_reported(full):
    assert "TPS sudah dibuka\n900\n960\n93,8%\n15 dari 17" in chapter(full, "situation")


def test_where_something_is_restricted_the_district_is_counted_and_never_named(full):
    said = "\n".join(chapter(full, part.code) for part in letter.document(full).parts() if part.code != "receipts")

    assert "Pada bidang Logistik terdapat kecamatan yang dihitung tetapi tidak dirinci" in said
    assert "Jejangkit" not in said


def test_a_meeting_says_who_came_and_does_not_guess_about_the_rest(full):
    said = chapter(full, "activities")

    assert "3 kantor diundang\n2 hadir: Camat Tamban, Sekcam Alalak\n1 belum dicatat kehadirannya" in said
    assert "tidak hadir" not in said
    assert "1 kantor diundang\nkehadiran belum dicatat" in said


def test_advice_says_to_whom_until_when_and_what_came_of_it(full):
    said = chapter(full, "advice")

    assert "Tercatat 3 saran dan arahan: 1 telah dilaksanakan, 1 melewati batas waktu." in said
    assert "Selain itu, 1 mengenai permasalahan terbatas, yang tidak dirinci." in said
    assert "dilaporkan telah dilaksanakan\nEnam genset siap" in said


def test_who_did_not_report_is_told_with_why_and_with_what_was_done_and_ours_apart(full):
    said = chapter(full, "missing")

    assert "Dari 3 laporan yang terlambat atau belum diterima, 1 karena sebab pada kami" in said
    assert "(pemberitahuan tidak sampai 1); 2 tanpa sebab yang tercatat pada kami." in said
    assert "Untuk laporan yang belum ada pemberitahuannya, sebabnya belum dapat dinilai." in said
    assert (
        "R-0901: dijanjikan paling lambat 12 Februari 2024 pukul 18.00 WITA oleh Camat Tabunganen: Sinyal putus" in said
    )
    assert "Diteruskan kepada: koordinator 1 kali" in said
    assert "Tamban\nbelum ada keterangan\nbelum ada pemberitahuan" in said


def test_a_team_is_blamed_only_where_it_was_told(full):
    told = replace(full.findings, chased=full.findings.chased[:1])

    said = chapter(replace(full, findings=told), "missing")

    assert "(pemberitahuan tidak sampai 1); 2 di pihak tim." in said
    assert "belum dapat dinilai" not in said


def test_where_no_district_looked_it_is_said_of_all_and_not_of_some(full):
    some = found_samples.opening()
    nobody = replace(some, figures=(), seen=tuple(found_samples.seen(n, Shown.UNSEEN) for n in range(1, 18)))
    both = replace(full, findings=replace(full.findings, situation=(found_samples.logistics(), nobody)))
    none = replace(full, findings=replace(full.findings, situation=(nobody,)))

    partly, not_at_all = chapter(both, "situation"), chapter(none, "conclusion")

    assert "Pada 1 bidang, sebagian kecamatan dan pada 1 bidang, seluruh kecamatan belum dipantau" in partly
    assert "Dari 1 bidang pemantauan, belum ada yang dilaporkan. Pada 1 bidang, seluruh kecamatan" in not_at_all
    assert "tidak ada yang dilaporkan bermasalah" not in not_at_all


def test_the_conclusion_never_calls_safe_what_nobody_looked_at(full):
    said = chapter(full, "conclusion")

    assert "1 dilaporkan bermasalah (Logistik)" in said
    assert "tidak dapat disebut aman" in said


def test_only_where_every_district_says_safe_or_nil_of_everything_it_is_said_of_all(full):
    assert full.findings is not None
    safe = replace(full, findings=replace(full.findings, situation=(found_samples.opening(),)))

    assert "seluruh kecamatan melaporkan keadaan aman atau nihil" in chapter(safe, "conclusion")


def test_the_letter_says_how_many_annexes_it_has_and_names_each(full):
    document = letter.document(full)

    assert len(document.annexes) == 5
    assert dict(document.reference)["Lampiran"] == ("5 (lima) berkas",)
    assert "Lampiran V (Susunan Tim DESK)" in chapter(full, "closing")


@st.composite
def groups(draw: st.DrawFn) -> Group:
    """A group over seventeen districts, some of them withheld, with counts of some."""
    shown = draw(st.lists(st.sampled_from(Shown), min_size=17, max_size=17))
    secret = draw(st.integers(0, 3))
    every = tuple(found_samples.seen(n, own) for n, own in enumerate(shown[secret:], secret + 1))
    counts = draw(st.lists(st.tuples(st.integers(0, 500), st.none() | st.integers(500, 900)), max_size=len(every)))
    made = tuple(
        Counted(f"63.04.{n:02}", many, found_samples.AT, of) for n, (many, of) in enumerate(counts, secret + 1)
    )
    return Group("g", "Bidang", every, tuple(shown[:secret]), (Figure("n", "Angka", made, milestone=True),))


@given(groups())
def test_every_figure_of_the_situation_equals_an_independent_count(group):
    found = replace(found_samples.findings(), situation=(group,))

    figures = printed(replace(samples.week(), findings=found))

    looks = Counter([seen.shown for seen in group.seen] + list(group.withheld))
    assert {own: figures[f"situation.g.{own}"] for own in Shown} == {own: looks[own] for own in Shown}
    assert figures["situation.g.districts"] == 17
    rows = group.figures[0].counts
    assert figures.get("situation.g.n") == (sum(row.count for row in rows) if rows else None)
    assert figures.get("situation.g.n.counted") == (len(rows) or None)
    known = rows and all(row.of is not None for row in rows)
    assert figures.get("situation.g.n.of") == (sum(row.of for row in rows) if known else None)


def test_every_figure_of_the_chase_equals_an_independent_count(full):
    figures = printed(full)
    own = full.findings

    missing = {r.code: d.code for d in full.districts for r in d.reports if r.received_at is None}
    words = {(missing[c.report], w.message, w.at): w for c in own.chased for w in c.words}
    below = [(place, w) for (place, *_), w in words.items() if w.audience == "reporter"]
    assert figures["chased.63.04.01.words"] == sum(place == "63.04.01" for place, _ in below)
    assert figures["chased.63.04.01.lost"] == sum(place == "63.04.01" and w.end == "lost" for place, w in below)
    assert figures["late"] == len(own.late) == found_samples.MISSING
    assert figures["late.ours"] == sum(one.cause != "team" for one in own.late)


def test_beside_the_calendar_stands_what_districts_reported_of_a_stage(full):
    said = chapter(full, "stages")

    assert (
        "Pembukaan TPS: 17 aman, dari 17 kecamatan\nTPS sudah dibuka: 900 dari 960 (15 dari 17 kecamatan melaporkan)"
        in said
    )
    assert "Masa Tenang\n11 s.d. 13 Februari 2024\nberlangsung\n–" in said


def test_every_figure_is_the_sum_of_the_rows_behind_it_but_for_what_is_restricted(full):
    behind = {own.name: own for own in tracing.traces(full)}

    assert {name: own.value for name, own in behind.items()} == printed(full)
    withheld = {name for name, own in behind.items() if own.withheld}
    assert all(name.startswith("situation.logistik") or name.endswith("withheld") for name in withheld), withheld
    assert behind["reports.missing"].rows == (("R-0901", 1), ("R-0902", 1), ("R-0903", 1))
    assert dict(behind["situation.tps-buka.tps-buka"].rows)["R-0003 v1"] == 60
    assert behind["chased.63.04.01.lost"].rows == (("pesan 2", 1),)


def test_the_annex_for_machines_names_no_district_where_something_is_restricted(full):
    told = json.loads(tracing.to_json(full))

    own = next(one for one in told["figures"] if one["name"] == "situation.logistik.troubled")
    assert (own["value"], own["rows"], own["withheld"]) == (2, {}, 2)
    assert told["facts_sha256"] == weekly.digest(full)


@given(samples.weeks())
def test_of_any_week_every_figure_is_the_sum_of_its_rows(week):
    codes = [report.code for report in week.reports] + [problem.code for problem in week.problems]
    assume(len(set(codes)) == len(codes))

    assert [own.name for own in tracing.traces(week) if own.withheld] == []


def test_a_problem_is_told_down_to_the_polling_station_with_whom_it_touches_and_its_next_step(full):
    own = samples.problem(village="Desa Koanda", station="TPS 03", affected=1250, due_at=found_samples.AT)
    ahead = samples.problem("P-0002", station="4", due_at=samples.CUT_OFF + timedelta(hours=2))
    over = samples.problem("P-0003", status=Status.RESOLVED, due_at=found_samples.AT)

    said = chapter(replace(full, problems=(own, ahead, over)), "problems")

    assert "Kec. Tamban\nDesa Koanda, TPS 03" in said
    assert "1.250 orang terdampak" in said
    assert "Langkah berikut lewat waktu sejak: 12 Februari 2024 pukul 15.00 WITA" in said
    assert "TPS 4" in said
    assert "Langkah berikut paling lambat: 12 Februari 2024 pukul 22.00 WITA" in said
    assert said.count("Langkah berikut") == 2


def test_what_came_after_the_period_is_traced_too(full):
    some = replace(
        full, since=Since((samples.district(3, samples.received("R-0950")),), (samples.problem("P-0009"),), 1)
    )

    behind = {own.name: own for own in tracing.traces(some)}

    assert behind["since.reports.received"].rows == (("R-0950", 1),)
    assert behind["since.problems"].rows == (("P-0009", 1),)
    assert {own.name for own in behind.values() if own.withheld and own.name.startswith("since")} == {
        "since.problems.restricted"
    }


def test_who_was_not_looked_at_is_named_where_they_are_few_and_never_where_something_is_withheld(full):
    group = found_samples.logistics()
    at = {n: found_samples.AT - timedelta(days=n) for n in range(9, 15)}
    stale = tuple(found_samples.seen(n, Shown.STALE, Condition.SAFE, at=on) for n, on in at.items())
    open_ = replace(group, withheld=(), seen=(*group.seen[:8], *stale))
    some = replace(full, findings=replace(full.findings, situation=(open_,)))

    assert "Tidak mutakhir: terakhir aman, 8 s.d. 14 hari lalu (7 kecamatan)" in chapter(some, "situation")
    assert "Tidak mutakhir:" not in chapter(full, "situation")
    assert "Belum dipantau:" not in chapter(full, "situation")


def test_the_conclusion_does_not_say_that_nothing_is_left_where_something_came_after_the_period(full):
    grave = samples.problem("P-0009", severity=Severity.HIGH)
    some = replace(full, problems=(), since=Since(problems=(grave,)))
    none = replace(full, problems=(), since=Since())

    said = chapter(some, "conclusion")

    assert "1 permasalahan yang tercatat setelah periode ini belum selesai, 1 di antaranya sangat rawan" in said
    assert "Tidak ada permasalahan" not in said
    assert "Tidak ada permasalahan yang belum selesai." in chapter(none, "conclusion")


def test_where_every_district_gave_a_number_it_is_told_out_of_all_there_are(full):
    every = tuple(Counted(f"63.04.{n:02}", 100, found_samples.AT) for n in range(1, 18))
    figure = Figure("hadir", "Pemilih hadir", every, milestone=True, whole=2000)
    some = replace(
        full, findings=replace(full.findings, situation=(replace(found_samples.turnout(), figures=(figure,)),))
    )

    assert "1.700\n2.000\n85,0%\n17 dari 17" in chapter(some, "situation")
    assert "1.700 dari 2.000 pemilih (85,0%)" in chapter(some, "conclusion")
    behind = {own.name: own for own in tracing.traces(some)}
    assert behind["situation.partisipasi.hadir.of"].rows == (("seluruh wilayah", 2000),)
    assert behind["situation.partisipasi.hadir"].withheld == 0


def test_field_trips_are_told_with_who_how_many_and_what_was_seen(full):
    said = chapter(full, "activities")

    assert "Tim DESK melaksanakan 2 kunjungan lapangan pada periode ini, seluruhnya diikuti 7 orang." in said
    assert "Logistik: Perlu perhatian. Dua kotak lembap" in said
    assert "Camat Tamban, Kapolsek Tamban" in said


def test_a_planned_trip_that_nobody_told_of_is_named_and_counted_apart(full):
    said = chapter(full, "activities")

    assert printed(full)["trips.unreported"] == 1
    assert "Direncanakan, dan hasilnya belum tercatat: L-0003" in said
    assert "Melihat TPS" not in said


def test_a_report_without_trips_says_nothing_of_them(full):
    none = replace(full, findings=replace(full.findings, trips=()))

    assert "unjungan" not in chapter(none, "activities")
