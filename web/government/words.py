"""What pages call states and steps of a report to the Government."""

from models.matters.submissions import Submission
from rules.submissions import State, Step

STATES = {
    State.DRAFT: "Draf",
    State.FOR_APPROVAL: "Menunggu persetujuan",
    State.APPROVED: "Disetujui, belum dikirim",
    State.HANDED_OUT: "Sudah diserahkan untuk dikirim, belum dicatat",
    State.SENT: "Sudah dikirim",
    State.RECEIVED: "Sudah diterima",
    State.CORRECTED: "Sudah diralat",
    State.DROPPED: "Dibatalkan, tidak pernah dikirim",
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
    Step.DROPPED: "Dibatalkan",
    Step.REPLACED: "Diganti dengan susunan baru",
    Step.GATHERED: "Disusun ulang",
}


def version(own: Submission) -> str:
    """`Laporan`, `Ralat ke-1`; of a version that was dropped also that."""
    dropped = f" (versi {own.version}, dibatalkan)" if own.state is State.DROPPED else ""
    return (f"Ralat ke-{own.correction}" if own.correction else "Laporan") + dropped
