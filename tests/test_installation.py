"""Installing and starting: settings, secrets, checks, the demo, and the two commands of the README."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts import friends
from accounts.models import User
from chat import heads
from imsite import demo
from tests.support.servers import ROOT
from tests.support.services import free_port

MANAGE = [sys.executable, "manage.py"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a newcomer's shell has: nothing of ours."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("IM_", "TEST_")) and k not in ("DATABASE_URL", "REDIS_URL")
    }
    return {**kept, "IM_VAR_DIR": str(folder), **more}


def manage(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments], cwd=ROOT, env=environment(folder, **more), capture_output=True, text=True, timeout=120
    )


# ---- secrets and production ----------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_first_start_makes_secrets_and_later_ones_keep_them(tmp_path: Path) -> None:
    assert manage(tmp_path, "check").returncode == 0
    first = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert set(first) == {"secret_key", "jwt_secret"}
    assert all(len(secret) >= 48 for secret in first.values())
    assert len(set(first.values())) == 2
    assert all((tmp_path / "secrets" / name).stat().st_mode & 0o077 == 0 for name in first)
    assert manage(tmp_path, "check").returncode == 0
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == first


COMPLETE = {"IM_SECRET_KEY": "s" * 50, "IM_JWT_SECRET": "j" * 50, "IM_ALLOWED_HOSTS": "chat.example"}


@pytest.mark.once
@pytest.mark.parametrize("missing", COMPLETE)
def test_production_refuses_to_start_without(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != missing}
    refused = manage(tmp_path, "check", IM_PRODUCTION="1", **given)
    assert refused.returncode != 0
    assert missing in refused.stderr
    assert not (tmp_path / "secrets").exists()


@pytest.mark.once
def test_production_starts_when_all_is_given(tmp_path: Path) -> None:
    assert manage(tmp_path, "check", IM_PRODUCTION="1", **COMPLETE).returncode == 0


@pytest.mark.once
def test_an_emptied_secret_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "jwt_secret").write_text("short")
    refused = manage(tmp_path, "check")
    assert refused.returncode != 0
    assert "no usable secret" in refused.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("contradiction", "check"),
    [
        ({"IM_LEASE_LIFETIME": "10s", "IM_LEASE_RENEWAL": "8s"}, "skyeim.E001"),
        ({"IM_HEARTBEAT_TIMEOUT": "30s"}, "skyeim.E002"),
        ({"WEB_CONCURRENCY": "2"}, "skyeim.E003"),
        ({"WEB_CONCURRENCY": "2", "REDIS_URL": "redis://127.0.0.1"}, "skyeim.E007"),
        ({"IM_DIRECT_MESSAGES": "nobody"}, "skyeim.E004"),
        ({"IM_OUTBOX_BYTES": "1000"}, "skyeim.E005"),
        ({"IM_PRODUCTION": "1", "IM_DEBUG": "1", **COMPLETE}, "skyeim.E006"),
        ({"IM_SIGN_UP": "perhaps"}, "skyeim.E020"),
        ({"IM_EMAIL_VERIFICATION": "maybe"}, "skyeim.E021"),
        ({"IM_EMAIL_VERIFICATION": "mandatory"}, "skyeim.E022"),
        ({"IM_EMAIL_URL": "smtp://127.0.0.1"}, "skyeim.E023"),
        ({"REDIS_URL": "redis://127.0.0.1"}, "skyeim.W001"),
        ({"IM_JWT_SECRET": "short"}, "skyeim.W002"),
        ({"IM_MAX_MESSAGE_SIZE": "1000", "IM_OUTBOX_BYTES": "2000"}, "skyeim.W003"),
    ],
)
def test_settings_that_contradict_each_other_are_named(tmp_path: Path, contradiction: dict[str, str], check: str) -> None:
    found = manage(tmp_path, "check", **contradiction)
    assert check in found.stderr
    assert (found.returncode != 0) == (".E" in check)


@pytest.mark.once
def test_a_server_process_refuses_contradictions_too(tmp_path: Path) -> None:
    """uvicorn runs no system checks: the application does."""
    command = [sys.executable, "-m", "uvicorn", "imsite.asgi:application", "--port", str(free_port())]
    refused = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path, IM_LEASE_LIFETIME="10s"), capture_output=True, text=True, timeout=60
    )
    assert refused.returncode != 0
    assert "skyeim.E001" in refused.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IM_OFFLINE_GRACE", "soon"),
        ("IM_RATE_CHAT", "50"),
        ("IM_RATE_CHAT", "0/s:5"),
        ("IM_RATE_CHAT", "5/d:5"),
        ("IM_EMAIL_URL", "foo://a:hidden@b"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, name: str, value: str) -> None:
    refused = manage(tmp_path, "check", **{name: value})
    assert refused.returncode != 0
    assert name in refused.stderr
    assert "hidden" not in refused.stderr


# ---- the demo ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def demo_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(demo, "_FILE", tmp_path / "demo-password")
    return tmp_path / "demo-password"


def test_the_demo_people_are_friends_and_have_talked(db: None, demo_file: Path) -> None:
    User.objects.all().delete()
    assert demo.is_wanted()
    demo.create()
    assert not demo.is_wanted()
    people = {user.username: user for user in User.objects.all()}
    assert set(people) == {"alice", "bob", "carol", "dave"}
    assert [name for name, user in people.items() if user.is_staff and user.is_superuser] == ["alice"]
    password = demo.password()
    assert password is not None
    assert all(user.check_password(password) for user in people.values())
    assert demo_file.stat().st_mode & 0o077 == 0
    assert len(friends.friend_ids(people["alice"].pk)) == 3
    listed = heads.listed(people["alice"].pk, before=None, limit=10)
    assert [overview.head.unread for overview in listed] == [2, 1, 0]
    times = [overview.last_at for overview in listed]
    assert times == sorted(times, reverse=True)


def test_the_demo_touches_no_database_that_is_in_use(db: None) -> None:
    User.objects.create(username="somebody")
    assert not demo.is_wanted()


# ---- `manage.py start` ---------------------------------------------------------------------------------------------------


class Started:
    """`manage.py start` in a folder, until Ctrl-C."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*MANAGE, "start", "--port", str(self.port)], cwd=ROOT, env=environment(folder), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def ready(self) -> float:
        """Wait until it answers; returns how many seconds that took."""
        while True:
            assert self.process.poll() is None, self.process.stdout and self.process.stdout.read()
            assert time.monotonic() - self.began < 120
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=5).read()
            except OSError:
                time.sleep(0.05)
            else:
                return time.monotonic() - self.began

    def interrupt(self) -> str:
        """Ctrl-C; returns all it printed."""
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=15)
        return output


@pytest.mark.once
def test_a_newcomer_starts_twice(tmp_path: Path) -> None:
    """The first start prepares everything; the second makes nothing again."""
    first = Started(tmp_path)
    first.ready()
    page = urllib.request.urlopen(f"http://127.0.0.1:{first.port}/sign-in").read().decode()
    styles = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert styles
    answer = urllib.request.urlopen(f"http://127.0.0.1:{first.port}{styles[0]}")
    assert "immutable" in answer.headers["Cache-Control"]
    output = first.interrupt()
    assert first.process.returncode == 0
    assert "Traceback" not in output
    assert f"http://localhost:{first.port}" in output
    password = re.search(r"with the password (?:\x1b\[[0-9;]*m)?([a-z0-9-]+)", output)
    assert password is not None

    second = Started(tmp_path)
    second.ready()
    again = second.interrupt()
    assert password[1] in again
    for word in ("Migrating", "Building", "Creating"):
        assert word in output
        assert word not in again


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.once
def test_development_runs_on_daphne(tmp_path: Path) -> None:
    assert manage(tmp_path, "migrate", "-v0").returncode == 0
    port = free_port()
    process = subprocess.Popen(
        [*MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"], cwd=ROOT, env=environment(tmp_path),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        page = _until_answer(f"http://127.0.0.1:{port}/sign-in", process)
        assert b"SkyeIM" in page
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=15)
    assert "daphne" in output.lower()


def _until_answer(url: str, process: Any) -> bytes:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            return bytes(urllib.request.urlopen(url, timeout=5).read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("no answer")
