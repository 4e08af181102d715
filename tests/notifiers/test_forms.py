"""A form says word for word what its template would have said of the same facts."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, UndefinedError

from notifiers import forms, listing, render
from notifiers.facts import Facts
from notifiers.forms import Form, shaped
from rules.ladder import Say
from tests.notifiers.letters import LINK, NOW, facts, problem, report

MAIL = [f"{say}/email.txt.j2" for say in Say]
SMS = [f"{say}/sms.txt.j2" for say in Say]
TEMPLATES = render.environment()
FORMS = {name: Form(TEMPLATES.get_template(name)) for name in (*MAIL, *SMS)}
SHELLS = {name: Form(TEMPLATES.get_template(name)) for name in ("email.txt.j2", "email.html.j2", "whatsapp.txt.j2")}

SIGNS = st.text("ab%s{}<&>'\"1\ue000\ue001 ", max_size=9)


@st.composite
def told(draw: st.DrawFn) -> Facts:
    """Whatever an office may be told, in words that look like a form's own signs."""
    items = [
        replace(
            draw(st.sampled_from([report(), problem()])),
            say=draw(st.sampled_from(Say)),
            area=draw(SIGNS),
            above=draw(st.none() | SIGNS),
            above_at=draw(st.none() | st.just(NOW)),
            warned_at=draw(st.none() | st.just(NOW - timedelta(days=1))),
            received_at=draw(st.none() | st.just(NOW)),
            receipt=draw(st.none() | SIGNS),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    given = facts(*items, office=draw(SIGNS), secretariat=draw(SIGNS), link=draw(st.none() | st.just(LINK)))
    return replace(given, say=draw(st.sampled_from([item.say for item in items])))


@given(told())
def test_a_wording_is_what_its_template_makes_of_the_same_facts(about: Facts):
    view, brief = listing.view(about) | {"brevity": 0}, listing.brief(about) | {"brevity": 0}

    for names, words in ((MAIL, view), (SMS, brief)):
        for name in names:
            assert FORMS[name](shaped(words)) == TEMPLATES.get_template(name).render(words)


@given(told(), st.lists(SIGNS, max_size=2), st.integers(0, 3))
def test_a_mail_is_what_its_template_makes_of_the_same_facts(about: Facts, paragraphs: list[str], listed: int):
    page = listing.view(about) | {"subject": "%s", "before": paragraphs, "after": paragraphs, "listed": listed}

    for name, form in SHELLS.items():
        plain = unescape if name.endswith(".html.j2") else str
        assert plain(form(shaped(page))) == plain(TEMPLATES.get_template(name).render(page))


def test_words_are_escaped_where_they_are_filled_into_html():
    form = Form(render.environment(DictLoader({"a.html.j2": "<p>{{ word }}</p>"})).get_template("a.html.j2"))

    assert form(shaped({"word": "plain"})) == "<p>plain</p>"
    assert form(shaped({"word": "<b>&\"'"})) == "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"


def test_an_undeclared_fact_is_an_error_every_time():
    form = Form(render.environment(DictLoader({"a.j2": "{{ word }} {{ missing }}"})).get_template("a.j2"))

    for _ in range(2):
        with pytest.raises(UndefinedError):
            form(shaped({"word": "x"}))


@given(SIGNS, SIGNS, SIGNS)
def test_what_is_added_stands_before_what_has_the_same_name(word: str, other: str, more: str):
    form = Form(render.environment(DictLoader({"a.j2": "{{ word }}|{{ other }}|{{ more }}"})).get_template("a.j2"))
    given = shaped({"word": word, "other": other})

    assert form(given, shaped({"more": more})) == f"{word}|{other}|{more}"
    assert form(given, shaped({"more": more, "word": more})) == f"{more}|{other}|{more}"


def test_forms_do_not_pile_up():
    form = Form(render.environment(DictLoader({"a.j2": "{{ number }}{{ word }}"})).get_template("a.j2"))

    for number in range(2 * forms.MANY):
        assert form(shaped({"number": number, "word": "x"})) == f"{number}x"

    assert len(form._kept) <= forms.MANY
