"""The steps between shapes of the tables, on both databases."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Index, inspect, text
from sqlalchemy.orm import sessionmaker

from models import migrations
from models.base import connect
from models.messages import inbound
from models.messages.inbound import Came, Inbound
from models.migrations import Shape
from models.tables import ALL
from rules.desk import Channel
from rules.replies.spoken import Sender
from tests.stories.desk import Desk


@pytest.fixture
def engine(database_url):
    engine = connect(database_url, durable=False)
    yield engine
    engine.dispose()


def tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(engine):
    assert migrations.shape(engine) is Shape.BARE

    migrations.up(engine)
    made = tables(engine)
    assert made == {model.__tablename__ for model in ALL}

    migrations.down(engine)
    assert tables(engine) == set()

    migrations.up(engine)
    assert tables(engine) == made
    assert migrations.shape(engine) is Shape.READY


def test_up_twice_changes_nothing(engine):
    migrations.up(engine)

    migrations.up(engine)

    assert migrations.shape(engine) is Shape.READY


@pytest.mark.parametrize(
    ("mark", "shape"),
    [
        pytest.param("0001", Shape.OLDER, id="older"),
        pytest.param("9999", Shape.NEWER, id="newer"),
        pytest.param("4d1e0c9f", Shape.STRANGE, id="another program's"),
        pytest.param("0000", Shape.STRANGE, id="a number that never was"),
    ],
)
def test_a_shape_of_another_version_is_told_from_one_of_another_program(engine, mark, shape):
    migrations.up(engine)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :mark"), {"mark": mark})

    assert migrations.shape(engine) is shape


def test_tables_of_another_program_are_no_empty_database(engine):
    with engine.begin() as connection:
        connection.execute(text("create table bookmark (id integer)"))

    assert migrations.shape(engine) is Shape.STRANGE


def test_the_migrated_tables_are_those_the_models_describe(engine):
    migrations.up(engine)

    with engine.connect() as connection:
        here = connection.dialect.name
        opts = {"compare_type": True, "include_object": lambda own, *_: here == "postgresql" or not _brin(own)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, ALL[0].metadata) == []


def _brin(own):
    """Whether it is an index that only PostgreSQL has."""
    return own.dialect_options["postgresql"].get("using") == "brin" if isinstance(own, Index) else False


def test_the_newest_shape_is_that_of_the_last_step():
    config = Config()
    config.set_main_option("script_location", "models:migrations")

    assert [migrations.head()] == ScriptDirectory.from_config(config).get_heads()


def test_versions_that_say_the_same_go_back_to_the_shape_that_took_none(engine):
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    key = desk.key("harian", "Tamban", "H-7")
    for note in ("Aman.", "Banjir.", "Aman."):
        desk.files(key, note)

    migrations.down(engine, "0018")
    migrations.up(engine)

    assert [report.body["note"] for report in desk.reports(key)] == ["Aman.", "Banjir.", "Aman."]
    assert desk.files(key, "Banjir.").version == 4


def test_numbers_that_two_elections_of_a_desk_share_are_given_anew_to_the_later(engine):
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    key = desk.key("harian", "Tamban", "H-7")
    migrations.down(engine, "0020")
    with engine.begin() as connection:
        copied = "insert into programme (id, code, election_id, desk_id, policy_id, digest, loaded_at) "
        copied += "select 9, 'kedua/tiga-kecamatan', election_id, desk_id, policy_id, digest, loaded_at from programme"
        connection.execute(text(copied))
        columns = "kind, code, area, ladder, since, reached, round, closed_why"
        twins = f"insert into matter (programme_id, key, {columns}) select 9, 'kedua' || key, {columns} from matter"
        connection.execute(text(twins))
        first = connection.execute(text(f"select code from matter where key = '{key}'")).scalar_one()

    migrations.up(engine)

    with engine.connect() as connection:
        rows = connection.execute(text("select key, code from matter")).all()
    assert len({row.code for row in rows}) == len(rows)
    assert (key, first) in [tuple(row) for row in rows]


def test_delivery_reports_are_kept_under_their_new_name_and_back(engine):
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    desk.clock.reads("H-7 15:00")
    message = desk.messages()[0].id
    with engine.begin() as connection:
        columns = "id, message_id, provider_id, fate, code, raw, received_at"
        said = (
            f"insert into delivery_report ({columns}) values (7, {message}, 'SM7', 'failed', '30003', '', '2024-02-07')"
        )
        connection.execute(text(said))

    migrations.down(engine, "0025")

    assert named_after(engine, "receipt") == {"receipt_pkey", "receipt_message_id_fkey", UNIQUE.format("receipt")}
    with engine.connect() as connection:
        assert connection.execute(text("select id, provider_id from receipt")).all() == [(7, "SM7")]
    migrations.up(engine)
    new = "delivery_report"
    assert named_after(engine, new) == {f"{new}_pkey", f"{new}_message_id_fkey", UNIQUE.format(new)}
    with engine.connect() as connection:
        assert connection.execute(text("select id, provider_id from delivery_report")).all() == [(7, "SM7")]


UNIQUE = "{}_message_id_provider_id_fate_key"


def named_after(engine, table):
    """What a table is kept to, by name."""
    seen = inspect(engine)
    rules = [seen.get_pk_constraint(table), *seen.get_foreign_keys(table), *seen.get_unique_constraints(table)]
    return {rule["name"] for rule in rules}


def test_what_was_filed_before_there_were_states_counts_as_sent_and_keeps_its_document(engine):
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    desk.clock.reads("H 18:30")
    desk.files("pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W06", by="Sekretariat Desk")
    migrations.down(engine, "0036")
    with engine.begin() as connection:
        connection.execute(text("update submission set document = 'lama.pdf', document_digest = 'abc'"))

    migrations.up(engine)
    with engine.begin() as connection:
        states = connection.execute(text("select state from submission order by id")).scalars().all()
        kept = connection.execute(text("select form, file_name, digest, edition from submission_document")).first()
    migrations.down(engine, "0036")
    with engine.begin() as connection:
        back = connection.execute(text("select document, document_digest, tries from submission")).first()

    assert states[:2] == ["sent", "draft"]
    assert tuple(kept) == ("pdf", "lama.pdf", "abc", 0)
    assert tuple(back) == ("lama.pdf", "abc", 0)


def test_what_was_written_before_is_found_by_its_report_and_its_files(engine):
    migrations.up(engine)
    with sessionmaker(engine).begin() as session:
        files = ({"media": "image/jpeg", "digest": "ab" * 32}, {"media": "audio/ogg"})
        came = Came("k", Channel.SMS, Sender.UNKNOWN, "*", None, None, None, None, b"nihil", files=files)
        session.get_one(Inbound, inbound.add(session, came, now=datetime(2024, 2, 7, tzinfo=UTC))).about = ["R-0805"]
    migrations.down(engine, "0057")

    migrations.up(engine)

    with engine.connect() as connection:
        found = connection.execute(text("select word from inbound_word order by word")).scalars().all()
    assert found == sorted(["ab" * 32, "R-0805"])


def test_cases_that_were_open_before_policies_were_kept_follow_the_one_in_force(engine):
    migrations.up(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False))
    key = desk.key("harian", "Tamban", "H-7")
    migrations.down(engine, "0070")

    migrations.up(engine)

    assert desk.matter(key).policy == ""
    desk.clock.reads("H-7 15:30")
    assert desk.matter(key).reached == 1
