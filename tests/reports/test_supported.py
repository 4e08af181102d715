"""The chapter on support: how ready each preparation is, what is late, what holds what up."""

import json
from dataclasses import replace

import pytest

from reports.government import differing, letter
from reports.government import facts as weekly
from reports.government.document import Table
from reports.government.facts import Weekly
from reports.government.figures import printed
from tests.reports import found_samples
from tests.reports.test_found import chapter


@pytest.fixture(scope="module")
def full() -> Weekly:
    return found_samples.week()


def test_support_is_told_with_its_denominator_what_is_late_and_what_holds_what_up(full):
    said = chapter(full, "support")

    assert (
        "Dari 5 dukungan yang diperlukan, 1 siap, 1 siap sebagian, 1 belum siap, dan 2 belum dijawab "
        "menurut jawaban sampai dengan 12 Februari 2024 pukul 20.00 WITA; 1 terlambat dijawab." in said
    )
    assert "Terlambat dijawab: Listrik (Kadis Kominfo)." in said
    assert "Hibah (Sekretaris Daerah): belum siap, yaitu Hibah KPU dan NPHD. Menahan 1 dukungan: Angkutan." in said
    assert "1\nPergeseran logistik\n11 Februari 2024\n3\n1\n1\n1\n0\n0" in said


def test_no_report_counts_support_among_what_it_received(full):
    bare = replace(full, findings=replace(full.findings, support=()))

    kept = {name: count for name, count in printed(full).items() if not name.startswith("support.")}
    assert kept == printed(bare)
    assert "support" not in [part.code for part in letter.document(bare).parts()]


def test_facts_from_before_support_was_told_are_read_and_say_nothing_of_it(full):
    frozen = json.loads(weekly.to_json(full))
    del frozen["findings"]["support"]

    old = weekly.from_json(json.dumps(frozen))

    assert old.findings.support == ()
    assert not [name for name in printed(old) if name.startswith("support.")]
    assert "Rincian dukungan" not in [table.name for table in letter.document(old).tables()]


def test_more_that_is_late_than_there_is_room_for_is_counted(full):
    (first, *_), last = full.findings.support[1].items, full.findings.support[0]
    many = replace(last, items=tuple(replace(first, code=f"R-{n}", name=f"Butir {n}") for n in range(15)))

    said = chapter(replace(full, findings=replace(full.findings, support=(many,))), "support")

    assert "Butir 11 (Kadis Kominfo), dan 3 lainnya." in said
    assert "Butir 12 " not in said


def test_what_differs_is_called_by_the_name_of_its_preparation(full):
    assert differing.called(full, "support.logistik.not_ready") == "Dukungan, Pergeseran logistik, belum siap"
    assert differing.called(full, "situation.logistik.troubled").startswith("Keadaan, Logistik, ")


def test_an_annex_names_each_office_that_is_not_ready_with_what_is_lacking(full):
    (annex,) = (part for part in letter.document(full).annexes if part.code == "support")

    rows = [[str(cell) for cell in row] for block in annex.blocks if isinstance(block, Table) for row in block.rows]
    assert len(rows) == printed(full)["support.total"] - printed(full)["support.ready"]
    (money,) = (row for row in rows if "Hibah" in row)
    assert money[3] == "Sekretaris Daerah"
    assert money[5] == "belum siap: Hibah KPU dan NPHD"
