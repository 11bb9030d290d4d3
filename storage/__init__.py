"""The database: tables, migrations, queries. The only place that knows SQL."""
