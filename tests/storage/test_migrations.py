"""The migrations make the tables that the program knows, and Alembic is loaded only when there is something to do."""

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage import migrations, open_storage
from storage.schema import metadata

INDEX_TABLES = ("paper_index", "title_index", "paper_titles", "term_counts", "spellings", "alembic_version")


async def test_the_migrated_database_has_the_tables_of_the_schema(url: str) -> None:
    await (await open_storage(url)).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": True,
                "include_name": lambda name, kind, _: not (kind == "table" and str(name).startswith(INDEX_TABLES)),
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_head_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head() == migrations.HEAD


async def test_a_database_at_its_head_is_opened_without_alembic(url: str) -> None:
    await (await open_storage(url)).close()
    code = (
        "import asyncio, sys; from storage import open_storage\n"
        "async def main(): await (await open_storage(sys.argv[1])).close()\n"
        "asyncio.run(main()); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, url], cwd=Path(__file__).parents[2], check=True)
