"""Long lists, a page at a time. The page always says how many there are in all, and the rest is one tap away."""

import re
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

T = TypeVar("T")

PAGE = "hal"
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


class Paged(NamedTuple, Generic[T]):
    """Some of a list. `first` and `last` count from 1; `before` and `after` are the addresses of the next pages."""

    items: Sequence[T]
    first: int
    last: int
    total: int
    before: str
    after: str


def paged(request: Request, items: Sequence[T], most: int) -> Paged[T]:
    """The page of a list that the address asks for. Behind the end it is the last one."""
    part: Paged[T] = cut(request, len(items), most)
    return part._replace(items=items[part.first - 1 : part.last])


def cut(request: Request, total: int, most: int) -> Paged[T]:
    """Which part of so many the address asks for; its items are still to be read."""
    wanted = request.query_params.get(PAGE, "")
    last = max(1, -(-total // most))
    number = min(int(wanted) if _NUMBER.fullmatch(wanted) else 1, last)
    start = (number - 1) * most
    return Paged(
        (),
        start + 1,
        min(start + most, total),
        total,
        _address(request, number - 1) if number > 1 else "",
        _address(request, number + 1) if number < last else "",
    )


def _address(request: Request, number: int) -> str:
    """The same search on another page."""
    kept = {name: value[:100] for name, value in request.query_params.items() if name != PAGE}
    return "?" + urlencode(kept | {PAGE: number})
