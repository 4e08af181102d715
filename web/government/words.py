"""What pages call states and steps of a report to the Government."""

from rules.submissions import State, Step

STATES = {
    State.DRAFT: "Draf",
    State.FOR_APPROVAL: "Menunggu persetujuan",
    State.APPROVED: "Disetujui, belum dikirim",
    State.SENT: "Sudah dikirim",
    State.RECEIVED: "Sudah diterima",
    State.CORRECTED: "Sudah diralat",
}
STEPS = {
    Step.HANDED_IN: "Dimintakan persetujuan",
    Step.AGREED: "Disetujui, diteruskan",
    Step.APPROVED: "Disetujui",
    Step.RELEASED: "Batas waktu tiba: boleh dikirim tanpa persetujuan",
    Step.SENT_BACK: "Dikembalikan",
    Step.MAILED: "Diminta dikirim melalui surel",
    Step.HANDED_OUT: "Diserahkan untuk dikirim",
    Step.SENT: "Dikirim",
    Step.RECEIVED: "Diterima",
    Step.CORRECTED: "Diralat",
}


def version(number: int) -> str:
    """`Laporan`, `Ralat ke-1`."""
    return f"Ralat ke-{number - 1}" if number > 1 else "Laporan"
