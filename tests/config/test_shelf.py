"""The live programmes: each is read when it is asked for, once, and only when its texts are new."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import loader, shelf
from config.documents import Document
from config.shelf import Shelf, Unreadable
from rules.programme import Programme, Source, Sources
from tests.load import world

DESKS = 4


@pytest.fixture(scope="module")
def country() -> list[Sources]:
    """Four desks under one calendar and one policy; the texts are others' copies, as a database gives them."""
    election, policy = loader.read(world.ELECTION), world.policy()
    return [_stored(n, election, world.desk(n, 2), policy) for n in range(1, 1 + DESKS)]


@pytest.fixture
def parsed(monkeypatch) -> Counter[str]:
    """How often a text was parsed, by what it is."""
    seen: Counter[str] = Counter()
    parse = loader.parse

    def counted(text: str, name: str, *, loaded: bool = False) -> Document:
        made = parse(text, name, loaded=loaded)
        seen[made.code if made.kind == "desk" else made.kind] += 1
        return made

    monkeypatch.setattr(shelf.loader, "parse", counted)
    shelf._document.cache_clear()
    return seen


def _stored(id: int, *documents: Document) -> Sources:
    election, desk, policy = (Source(d.code, d.name, "".join(d.text)) for d in documents)
    return Sources(id, f"{election.code}/{desk.code}", f"digest {id}", election, desk, policy)


def test_one_programme_is_read_without_the_others(country, parsed):
    live = Shelf().stocked(country)

    assert live.readable[3].desk.code == country[2].desk.code
    assert parsed == {"election": 1, "policy": 1, country[2].desk.code: 1}


def test_what_all_share_is_read_once_and_is_one_object(country, parsed):
    programmes = list(Shelf().stocked(country).readable.values())

    assert (parsed["election"], parsed["policy"]) == (1, 1)
    assert len({id(own.election) for own in programmes}) == 1
    assert len(programmes) == DESKS


def test_the_policies_are_known_without_a_desk(country, parsed):
    (policy,) = Shelf().stocked(country).policies

    assert policy.delivery.settle_every
    assert parsed == {"policy": 1}


def test_whether_a_desk_has_several_elections_is_known_without_reading_it(country, parsed):
    one, *others = country
    live = Shelf().stocked([one, one._replace(id=99, code=f"another/{one.desk.code}"), *others])

    assert [live.several(stored.desk.code) for stored in (one, *others[:1])] == [True, False]
    assert not parsed


def test_threads_that_want_the_same_programme_read_it_once(country, parsed):
    live = Shelf().stocked(country)
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda _: live.one(2), range(40)))

    assert len({id(one) for one in read}) == 1
    assert parsed[country[1].desk.code] == 1


def test_only_what_is_new_is_fetched_and_read_again(country, parsed):
    live = Shelf().stocked(country)
    before = dict(live.readable)
    parsed.clear()
    amended = country[1]._replace(digest="anew", desk=country[1].desk._replace(name="another file"))
    asked: list[set[int]] = []

    def fetch(ids: set[int]) -> list[Sources]:
        asked.append(set(ids))
        return [amended]

    after = live.refreshed(live.digests | {2: "anew"}, fetch)

    assert asked == [{2}]
    assert [after.readable[n] is before[n] for n in (1, 3, 4)] == [True] * 3
    assert after.readable[2] is not before[2]
    assert parsed == {country[1].desk.code: 1}
    assert after.refreshed(after.digests, fetch) is after


def test_one_that_was_closed_is_gone_and_nothing_is_fetched(country):
    live = Shelf().stocked(country)

    after = live.refreshed({n: own for n, own in live.digests.items() if n != 1}, lambda ids: [])

    assert list(after.readable) == [2, 3, 4]
    assert after.one(1) is None
    with pytest.raises(KeyError):
        after.readable[1]


def test_one_that_cannot_be_read_stops_only_itself_and_is_looked_at_again(country):
    broken = [country[0], country[1]._replace(desk=Source("x", "broken", "desk: [")), *country[2:]]
    live = Shelf().stocked(broken)

    assert list(live.readable) == [1, 3, 4]
    assert isinstance(live.one(2), Unreadable)
    assert 2 not in live.readable

    mended = live.refreshed(live.digests, lambda ids: [own for own in country if own.id in ids])

    assert isinstance(mended.one(2), Programme)


def test_those_of_one_desk_leave_the_others_unread(country, parsed):
    own = Shelf().stocked(country).of(country[3].desk.code)

    assert list(own.readable) == [4]
    assert own.one(1) is None
    assert country[0].desk.code not in parsed


def test_the_first_is_the_one_that_was_loaded_first_and_can_be_read(country, parsed):
    shuffled = [own._replace(code=f"z{9 - own.id}") for own in country]
    live = Shelf().stocked(shuffled)

    assert list(live.first()) == [1]
    assert list(live.readable) == [4, 3, 2, 1]
    assert Shelf().first() == {}


def test_going_through_them_all_while_others_are_read_is_safe(country):
    live = Shelf().stocked(copies(country, 60))
    with ThreadPoolExecutor(4) as pool:
        going = [pool.submit(lambda: [live.one(id) for id in live.sources]) for _ in range(3)]
        for _ in range(200):
            live.refreshed(live.digests, lambda ids: [])
            live.stocked(live.sources.values())
        for one in going:
            one.result()

    assert len(live.readable) == 60


def copies(country: list[Sources], count: int) -> list[Sources]:
    """So many programmes of the same texts."""
    return [country[0]._replace(id=n, code=f"{n:03}") for n in range(count)]
