"""A new page is a module, a template and a route: those that CONTRIBUTING.md shows are read by a coordinator."""

import importlib
import re
import sys
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from starlette.routing import Route

import web.coordinator
from rules import access
from tests import recipes
from tests.web.conftest import Web
from tests.web.test_coordinator import comes_in
from web import app, pages


@pytest.fixture(autouse=True)
def shown(monkeypatch, tmp_path: Path):
    """The files are in their folders, as far as imports, templates and the application can tell."""
    (module,) = recipes.blocks("A new page", "python")
    (template,) = recipes.blocks("A new page", "jinja")
    (tmp_path / "districts.py").write_text(module)
    (tmp_path / "coordinator").mkdir()
    (tmp_path / "coordinator/districts.html.j2").write_text(template)
    monkeypatch.setattr(web.coordinator, "__path__", [*web.coordinator.__path__, str(tmp_path)])
    templates = pages.environment()
    monkeypatch.setattr(templates, "loader", ChoiceLoader([templates.loader, FileSystemLoader(tmp_path)]))
    districts = importlib.import_module("web.coordinator.districts")
    route = re.search(r'`Route\("(.+)", districts.page\)`', recipes.PAGE.read_text())
    assert route
    monkeypatch.setattr(app, "COORDINATOR", (*app.COORDINATOR, Route(route[1], districts.page)))
    yield
    sys.modules.pop("web.coordinator.districts", None)


def test_a_coordinator_reads_the_names_of_his_districts_alone(web: Web):
    comes_in(web, "Kepala BPBD")

    page = web.get("/kecamatan")

    desk = web.desk.programme.desk
    own = [desk.area_name(area) for area in access.readable(desk, web.desk.office("Kepala BPBD"))]
    assert page.status_code == 200
    assert re.findall("<li>(.*)</li>", page.text) == own
    assert 0 < len(own) < len(desk.districts)


def test_who_coordinates_nothing_may_not(web: Web):
    comes_in(web, "Sekretariat Desk")

    assert web.get("/kecamatan").status_code == 403


def test_whoever_is_not_signed_in_is_led_to_the_door(web: Web):
    page = web.get("/kecamatan")

    assert page.status_code == 403
    assert "/masuk" in page.text
