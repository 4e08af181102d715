"""Three districts whose offices prepare two stages: the distribution of logistics, and the recapitulation."""

from pathlib import Path

from tests.stories.desk import DESK, ELECTION, POLICY

PLAN = """
support:
  - code: logistik
    name: Pergeseran logistik
    begins: H-3
    items:
      - {code: hibah, name: Penyaluran hibah, form: dukungan-hibah, offices: [sekda], by: H-30}
      - {code: angkutan, name: Angkutan kotak, form: dukungan-angkutan, offices: [kepala-bpbd], by: H-14,
         waits_for: [hibah], districts: ["63.04.01"], confirmed_by: kadis-kominfo}
      - {code: gudang, name: Gudang PPK, form: dukungan-gudang, per: district, by: H-12, waits_for: [angkutan]}
  - code: rekap
    name: Rekapitulasi kabupaten
    begins: {stage: recapitulation_regency}
    items:
      - {code: jaringan, name: Listrik dan jaringan, form: dukungan-jaringan, offices: [kadis-kominfo],
         by: {stage: recapitulation_regency, plus: -P8D}}
      - {code: tim, name: Kesiapan tim, form: dukungan-tim, per: team, by: H-8}
"""
ITEMS = ("hibah", "angkutan", "angkutan-cek", "gudang", "jaringan", "tim")


def desk_file(folder: Path, plan: str = PLAN) -> Path:
    """The desk of the stories with a support plan."""
    file = folder / "dukungan.yaml"
    file.write_text(DESK.read_text(encoding="utf-8") + plan, encoding="utf-8")
    return file


def files(folder: Path) -> tuple[Path, Path, Path]:
    return ELECTION, desk_file(folder), POLICY
