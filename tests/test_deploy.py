"""The files under deploy/ say what the product understands: they are read, and what they name is looked up."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.servers import ROOT

pytestmark = pytest.mark.once

DEPLOY = ROOT / "deploy"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_every_setting_that_deploy_uses_is_explained() -> None:
    used: set[str] = set()
    for file in [*DEPLOY.rglob("*"), ROOT / ".dockerignore"]:
        if file.is_file():
            used |= set(re.findall(r"\bIM_[A-Z_]+\b", file.read_text()))
    assert used >= {"IM_PRODUCTION", "IM_SECRET_KEY", "IM_JWT_SECRET", "IM_ALLOWED_HOSTS", "IM_TRUSTED_PROXIES"}
    assert {name for name in used if f"`{name}`" not in OPERATIONS} == set()


def test_the_environment_of_compose_starts_in_production(tmp_path: Path) -> None:
    """`make-env` fills every variable that compose asks for, and the settings accept what comes out, checks included."""
    made = subprocess.run([DEPLOY / "make-env", "chat.example.org"], capture_output=True, text=True, check=True).stdout
    values = dict(line.split("=", 1) for line in made.splitlines() if "=" in line and not line.startswith("#"))
    assert all(len(values[name]) == 64 for name in ("POSTGRES_PASSWORD", "IM_SECRET_KEY", "IM_JWT_SECRET"))
    again = subprocess.run([DEPLOY / "make-env", "chat.example.org"], capture_output=True, text=True, check=True).stdout
    assert again != made

    def fill(text: str) -> str:
        text = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda m: values[m[1]], text)
        return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: values.get(m[1], m[2]), text)

    app = compose()["services"]["app"]["environment"]
    environment = {name: fill(str(value)) for name, value in app.items()} | {"IM_VAR_DIR": str(tmp_path)}
    environment["WEB_CONCURRENCY"] = "4"
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "skyeim"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout, checked.stdout


def test_the_commands_of_deploy_exist() -> None:
    """Every option that the unit and the image give to `manage.py start` is one that it has."""
    help_text = subprocess.run(
        [sys.executable, "manage.py", "start", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    unit = (DEPLOY / "systemd" / "skyeim.service").read_text()
    image = (DEPLOY / "Dockerfile").read_text()
    commands = [re.search(r"ExecStart=(.*)", unit)[1], re.search(r"exec (python manage.py [^\"]*)", image)[1]]  # type: ignore[index]
    for command in commands:
        words = shlex.split(command)
        assert "start" in words
        for word in words:
            assert not word.startswith("--") or word in help_text, word
    for copied in ("requirements.txt", "manage.py"):
        assert (ROOT / copied).exists()
    for ignored in ("docs", "tests"):
        assert ignored in (ROOT / ".dockerignore").read_text().split()


def test_a_stop_is_given_more_time_than_it_takes() -> None:
    """The product ends within 10 s; whoever kills it earlier would cut what is in flight."""
    assert int(compose()["services"]["app"]["stop_grace_period"].removesuffix("s")) > 10
    unit = (DEPLOY / "systemd" / "skyeim.service").read_text()
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > 10  # type: ignore[index]
    assert "KillMode=mixed" in unit


def test_the_proxy_is_trusted_by_its_network_alone() -> None:
    made = compose()
    subnet = made["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert made["services"]["app"]["environment"]["IM_TRUSTED_PROXIES"] == subnet
    assert "ports" not in made["services"]["app"]
    assert not any("ports" in made["services"][name] for name in ("postgres", "redis"))
