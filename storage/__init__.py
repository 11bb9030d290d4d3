"""The database: tables, migrations and queries. No SQL stands outside this package."""
