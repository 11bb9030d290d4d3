"""Alembic's migrations from an empty database to the current schema."""

HEAD = "0100"
