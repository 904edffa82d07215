"""What Alembic runs to migrate, over the connection that `storage.migrations` hands it. Reads no file."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
