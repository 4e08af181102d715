"""The steps between shapes of the tables, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from models import migrations
from models.base import connect
from models.tables import ALL


@pytest.fixture
def engine(database_url):
    engine = connect(database_url, durable=False)
    yield engine
    engine.dispose()


def tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(engine):
    assert migrations.behind(engine)

    migrations.up(engine)
    made = tables(engine)
    assert made == {model.__tablename__ for model in ALL}

    migrations.down(engine)
    assert tables(engine) == set()

    migrations.up(engine)
    assert tables(engine) == made
    assert not migrations.behind(engine)


def test_up_twice_changes_nothing(engine):
    migrations.up(engine)

    migrations.up(engine)

    assert not migrations.behind(engine)


def test_the_migrated_tables_are_those_the_models_describe(engine):
    migrations.up(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, ALL[0].metadata) == []


def test_the_newest_shape_is_that_of_the_last_step():
    config = Config()
    config.set_main_option("script_location", "models:migrations")

    assert [migrations.head()] == ScriptDirectory.from_config(config).get_heads()
