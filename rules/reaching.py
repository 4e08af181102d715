"""What became of a word to an office, as a report to the Government may say it: what is proved, and no more."""

from enum import StrEnum

from rules import costs
from rules.delivery import State
from rules.dispatch import NoticeState


class End(StrEnum):
    """How far a word came."""

    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    LOST = "lost"
    NOBODY = "nobody"
    TOO_DEAR = "too_dear"


ENDS = {
    End.ARRIVED: "sampai",
    End.HANDED_OVER: "diteruskan penyedia layanan, belum ada kabar sampai",
    End.UNKNOWN: "tidak diketahui sampai atau tidak",
    End.WAITING: "belum terkirim",
    End.LOST: "tidak sampai",
    End.NOBODY: "tidak ada alamat yang dapat dihubungi",
    End.TOO_DEAR: "tidak dikirim karena anggaran pesan terpakai",
}


def end(
    notice: NoticeState,
    message: State | None,
    *,
    left: bool,
    doubts: int = 0,
    arrived: bool = False,
    lost: bool = False,
    reason: str = "",
) -> End:
    """How far a word had come.

    Args:
        left: its message had ended by then, however it ended.
        doubts: how many tries ended so that nobody knows.
        arrived: the provider had said by then that it arrived.
        lost: he had said that it did not, or it was only written to the outbox folder.
        reason: why nobody was told.
    """
    if notice is NoticeState.NOBODY:
        return End.TOO_DEAR if reason == costs.TOO_DEAR else End.NOBODY
    if arrived:
        return End.ARRIVED
    if lost or (left and message is State.FAILED):
        return End.LOST
    if left and message is State.SENT:
        return End.HANDED_OVER
    return End.UNKNOWN if doubts else End.WAITING
