"""Database triggers that log a disabled account, a changed password and a deleted person, whatever path changed them:
the admin, a command, a script or SQL. They are the one rule that must not depend on who remembers to call a function."""

from typing import Any

from django.db import connections

_SQLITE_NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
_POSTGRES_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_INSERT = "INSERT INTO accounts_accesschange (kind, user_id, detail, at) VALUES ('{kind}', {row}.id, '', {now});"

# A first password, after none or an unusable one, takes no right away.
_CHANGED = "OLD.password <> NEW.password AND OLD.password <> '' AND OLD.password NOT LIKE '!%'"
# name → (event, condition, kind of the log's row, the row that it speaks of)
TRIGGERS = {
    "accounts_user_disabled": ("UPDATE OF is_active", "OLD.is_active AND NOT NEW.is_active", "disabled", "NEW"),
    "accounts_user_password": ("UPDATE OF password", _CHANGED, "password", "NEW"),
    "accounts_user_deleted": ("DELETE", "", "disabled", "OLD"),
}


def install(using: str = "default", **kwargs: Any) -> None:
    """Create the triggers where they are missing. Called after every migration."""
    connection = connections[using]
    if "accounts_accesschange" not in connection.introspection.table_names():
        return
    statements = _postgres() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON accounts_user FOR EACH ROW "
        + (f"WHEN {condition} " if condition else "")
        + f"BEGIN {_INSERT.format(kind=kind, row=row, now=_SQLITE_NOW)} END"
        for name, (event, condition, kind, row) in TRIGGERS.items()
    ]


def _postgres() -> list[str]:
    statements = []
    for name, (event, condition, kind, row) in TRIGGERS.items():
        insert = _INSERT.format(kind=kind, row=row, now=_POSTGRES_NOW)
        statements.append(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert} RETURN NULL; END $$"
        )
        statements.append(
            f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON accounts_user FOR EACH ROW "
            + (f"WHEN ({condition}) " if condition else "")
            + f"EXECUTE FUNCTION {name}()"
        )
    return statements
