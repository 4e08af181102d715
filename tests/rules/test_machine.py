"""What this machine lacks is told apart from what makes no sense."""

import errno
import os

import pytest

from rules import machine


def wrapped(error: BaseException) -> ValueError:
    outer = ValueError("cannot be read")
    outer.__cause__ = error
    return outer


LACKING = [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN, errno.EROFS]


@pytest.mark.parametrize("number", LACKING, ids=os.strerror)
def test_what_the_machine_lacks_is_its_own_failure_however_it_is_wrapped(number):
    assert machine.failed(OSError(number, "x"))
    assert machine.failed(wrapped(wrapped(OSError(number, "x"))))


@pytest.mark.parametrize(
    "error",
    [
        LookupError("Asia/Nowhere"),
        ValueError("no time"),
        OverflowError("date value out of range"),
        OSError("no image"),
        *(OSError(n, "x") for n in (errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG)),
    ],
    ids=repr,
)
def test_what_makes_no_sense_is_not_the_machines_failure(error):
    assert not machine.failed(error)
    assert not machine.failed(wrapped(error))


def test_no_memory_is_the_machines_failure():
    assert machine.failed(wrapped(MemoryError()))


def test_errors_that_go_round_in_a_circle_end():
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first

    assert not machine.failed(first)
