"""Tokens from the shell: shown once, listed by number, revoked at once."""

import json

import pytest

from tests.stories.desk import DESK, ELECTION, POLICY

FILES = [str(path) for path in (ELECTION, DESK, POLICY)]


@pytest.fixture
def house(desk, tmp_path):
    """`./desk` on a desk that is loaded."""
    settings = {"DESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}"}
    desk("load", *FILES, **settings)
    return lambda *words: desk(*words, **settings)


def test_a_token_is_shown_once_and_listed_by_its_number(house):
    given = house("token", "new", "papan provinsi", "--scope", "owed", "--scope", "recap", "--days", "30")
    token = given.stdout.splitlines()[-1]
    listed = house("token", "list", "--json")

    row = json.loads(listed.stdout)
    assert (given.returncode, token.startswith("desk_"), len(token)) == (0, True, 37)
    assert (row["id"], row["state"], row["scopes"], row["used_at"]) == (1, "good", ["owed", "recap"], None)
    assert token not in listed.stdout


def test_a_token_is_taken_back_once(house):
    house("token", "new", "papan", "--scope", "owed")

    first, second = house("token", "revoke", "1"), house("token", "revoke", "1")

    assert (first.stdout, second.stdout) == ("token 1 is revoked\n", "token 1 was revoked already\n")
    assert house("token", "list").stdout.split()[1] == "revoked"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["new", "papan", "--scope", "owed", "--days", "401"], "1 to 400 days", id="too long"),
        pytest.param(["new", " ", "--scope", "owed"], "say what the token is for", id="no name"),
        pytest.param(["new", "x", "--scope", "operator", "--scope", "owed"], "stands alone", id="two at once"),
        pytest.param(["revoke", "9"], "there is no token 9", id="none such"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(house, words, said):
    done = house("token", *words)

    assert done.returncode == 1
    assert said in done.stderr
