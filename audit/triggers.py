"""Database triggers that refuse to change or delete a row of the audit log, whatever path tries: the admin, a command, a script
or SQL. Whoever must remove rows for a law drops the triggers by hand, and the next `migrate` makes them again."""

from typing import Any

from django.db import connections

TABLE = "audit_auditevent"
_WORDS = "The audit log is append-only."


def install(using: str = "default", **kwargs: Any) -> None:
    """Create the triggers where they are missing. Called after every migration."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    statements = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS audit_keep_{event.lower()} BEFORE {event} ON {TABLE} FOR EACH ROW "
    f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    for event in ("UPDATE", "DELETE")
]
_POSTGRES = [
    "CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE OR REPLACE TRIGGER audit_keep_rows BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_keep()",
    f"CREATE OR REPLACE TRIGGER audit_keep_table BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_keep()",
]
