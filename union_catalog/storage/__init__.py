"""SQLAlchemy and nothing else: tables, migrations, transactions, leases, snapshots (rows → values) and writers (plans → rows).

Knows both databases, SQLite and PostgreSQL. Must not decide anything: decisions are the pure packages', transactions the services'.
"""
