"""The page of readiness with a plan and a roll call, for whoever reads it on a phone or with other eyes."""

import re

import pytest
from sqlalchemy.orm import sessionmaker

from models.base import connect
from tests import migrated, tools
from tests.engines import free_port
from tests.stories import prepared
from tests.stories.desk import Desk
from tests.web import serving
from tests.web.conftest import Web
from tests.web.test_access import Somebody

pytestmark = tools.needs("chromium")


@pytest.fixture
def served(tmp_path):
    engine = connect(migrated.sqlite(tmp_path / "desk.db"), durable=False)
    desk = Desk(
        sessionmaker(engine, expire_on_commit=False),
        prepared.files(tmp_path),
        starts="2024-01-05 08:00",
        calls=True,
    )
    desk.owes_only(*(o.key for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support))
    with serving.pages(desk, tmp_path, port=free_port()) as books:
        desk.clock.reads("H-15 09:00")
        yield Web(desk, books, None)
    engine.dispose()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(served, chromium, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme, locale="id-ID")
    page = context.new_page()
    Somebody(served, page).comes_in("/kesiapan", "Kepala Kesbangpol", "kesbangpol@desk.example")

    page.get_by_role("heading", name=re.compile("Apel kontak H-30")).wait_for()
    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
