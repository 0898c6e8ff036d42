"""A disk that is full for PostgreSQL: a small tmpfs under its data where mounting is allowed, else a limit on the size of its
files. Either way its own writes fail, not a stand-in for them."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.services import OwnPostgres

SIZE = 160  # megabytes: a cluster with two databases takes half of it
SEGMENT = 1  # megabytes of a WAL file: small ones, so that they soon ask for room too
FILES = SEGMENT * 1_048_576 + 8_192  # bytes a file may have: one of WAL fits, the table of messages does not
ROWS = 700  # of 3 KB: more than FILES


@contextlib.contextmanager
def small_disk(allowed: bool = True) -> Iterator[Path | None]:
    """A folder on a small file system of its own; None where mounting is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="skyeim-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=755", "tmpfs", str(folder)]
    mounted = allowed and os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


class Disk:
    """Where a PostgreSQL's data lie, to be filled and freed. `folder` None: its files are limited instead."""

    def __init__(self, postgres: OwnPostgres, folder: Path | None) -> None:
        self.postgres = postgres
        self.folder = folder

    def prepare(self, database: str) -> None:
        """Where files are limited: let the table of messages outgrow the limit, so that it cannot grow further."""
        if self.folder is None:
            self.postgres.execute(_BALLAST, database)
            self.postgres.execute("CHECKPOINT")

    def fill(self) -> None:
        """From now on no write of PostgreSQL that needs room succeeds."""
        if self.folder is None:
            self.postgres.limit_files(FILES)
            return
        with (self.folder / "ballast").open("wb") as ballast, contextlib.suppress(OSError):
            while True:
                os.write(ballast.fileno(), bytes(65_536))

    def free(self) -> None:
        """As an operator does: make room, and start PostgreSQL where it has given up for want of it."""
        if self.folder is None:
            self.postgres.limit_files(-1)
        else:
            (self.folder / "ballast").unlink()
        if not self.postgres.is_running() or not self.postgres.answers():
            self.postgres.restart()

    def was_full(self) -> bool:
        return any(words in self.postgres.log for words in ("No space left on device", "File too large"))


_BALLAST = f"""
WITH pad AS (INSERT INTO chat_conversation (kind, title, last_seq, last_rev, last_at, created_at)
    VALUES ('group', 'ballast', {ROWS}, {ROWS}, 0, 0) RETURNING id)
INSERT INTO chat_message (conversation_id, seq, created_rev, rev, msg_id, sender_id, content_type, content, created_at)
SELECT pad.id, n, n, n, gen_random_uuid(), (SELECT min(id) FROM accounts_user), 1,
    (SELECT string_agg(md5(random()::text || n || k), '') FROM generate_series(1, 94) k), 0
FROM pad, generate_series(1, {ROWS}) n
"""
