"""Tells a failure of this machine, which is nobody's mistake, from data that makes no sense."""

import errno
from collections.abc import Iterator

_OF_A_NAME = frozenset({errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP})
"""Errors that a file gives for a name that makes no sense, such as a zone in a row."""


def failed(error: BaseException) -> bool:
    """Whether the machine failed, and not the data: no files, memory or room left, no rights, a broken disk.

    True also if a library wraps that in its own error. What failed this way is done again later.
    """
    return any(_of_the_machine(cause) for cause in _causes(error))


def _of_the_machine(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno is not None and error.errno not in _OF_A_NAME
    return isinstance(error, MemoryError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        yield cause
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
