"""The installed page: its manifest, its service worker, and what that may keep."""

import json
import re
import struct
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings

from imsite import install
from tests.support.people import Cast
from tests.support.servers import ROOT


def manifest(client: Client, language: str = "en") -> Any:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/manifest+json"
    return json.loads(answer.content)


def facts(client: Client) -> tuple[Any, str]:
    """(RELEASE, the whole script) of the worker."""
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    script = answer.content.decode()
    found = re.match(r"self\.RELEASE = (\{.*\});\n", script)
    assert found is not None, script
    return json.loads(found[1]), script


def size_of(address: str) -> tuple[int, int]:
    """The pixels of a PNG among the static files."""
    path = finders.find(address.removeprefix("/static/").partition("/")[2])
    assert path is not None, address
    with open(path, "rb") as file:
        head = file.read(24)
    assert head.startswith(b"\x89PNG")
    return struct.unpack(">II", head[16:24])


@pytest.mark.django_db
def test_the_manifest_names_the_page_and_icons_of_the_sizes_it_says(client: Client) -> None:
    body = manifest(client)
    assert (body["name"], body["start_url"], body["scope"], body["display"]) == ("SkyeIM", "/", "/", "standalone")
    purposes = {icon["purpose"] for icon in body["icons"]}
    assert purposes == {"any", "maskable"}
    for icon in body["icons"]:
        if icon["type"] == "image/png":
            assert icon["sizes"] == "{}x{}".format(*size_of(icon["src"]))
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in body["icons"] if icon["purpose"] == "maskable"}
    assert body["shortcuts"][0]["url"].startswith("/")
    assert manifest(client, "zh-hans")["lang"] == "zh-hans"


@pytest.mark.django_db
def test_every_page_leads_to_the_manifest_and_colours_its_frame(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    touch = re.search(r'<link rel="apple-touch-icon" href="([^"]+)"', page)
    assert touch is not None
    assert size_of(touch[1]) == (180, 180)
    colours = dict(re.findall(r'<meta name="theme-color" [^>]*data-scheme="(\w+)" content="(#\w+)"', page))
    tokens = (ROOT / "static/css/tokens.css").read_text()
    surface = re.search(r"--surface: +light-dark\((#\w+), (#\w+)\)", tokens)
    assert surface is not None
    assert colours == {"light": surface[1], "dark": surface[2]} == install.SURFACE


@pytest.mark.django_db
def test_the_worker_is_asked_for_anew_and_names_its_release(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    release, script = facts(client)
    assert release["version"] == install.release()
    assert release["static"].endswith(f"/{release['version']}/")
    assert client.get("/manifest.webmanifest")["Cache-Control"] == "no-cache"
    for address in re.findall(r"importScripts\((.*)\)", script)[0].split(", "):
        assert json.loads(address).startswith(release["static"])  # a new release brings a new worker


@pytest.mark.django_db
def test_the_shell_holds_every_file_that_the_page_imports_and_nothing_of_a_person(client: Client) -> None:
    release, _ = facts(client)
    names = {address.removeprefix(release["static"]) for address in release["files"]}
    for name in names:
        assert finders.find(name) is not None, name
        if not name.endswith(".js"):
            continue
        text = (ROOT / "static" / name).read_text()
        for other in re.findall(r'^(?:import|export) (?:[^"]* from )?"(\.[^"]+)"', text, re.MULTILINE):
            found = (ROOT / "static" / name).parent.joinpath(other).resolve().relative_to(ROOT / "static")
            assert str(found) in names, (name, other)
    assert {"js/main.js", "css/tokens.css", "icons.svg", "logo.svg"} <= names
    assert not any("api/" in name or "admin" in name for name in names)


@override_settings(DEBUG=True)
@pytest.mark.django_db
def test_in_development_nothing_is_kept(client: Client) -> None:
    assert facts(client)[0]["files"] == []


def test_the_page_says_whose_it_is_and_of_which_release(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice.user)
    page = client.get("/")
    assert (page["X-SkyeIM-User"], page["X-SkyeIM-Release"]) == (str(cast.alice.id), install.release())
    assert "no-store" in page["Cache-Control"]  # for every other cache
    client.logout()
    assert "X-SkyeIM-User" not in client.get("/", follow=True)


@pytest.mark.django_db
def test_the_page_without_network_names_nobody(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice.user)
    page = client.get("/offline").content.decode()
    assert "No connection" in page
    assert cast.alice.user.username not in page


def test_the_icons_are_those_that_the_script_draws() -> None:
    """The script names every icon that is there, and the other way round."""
    script = "import runpy, json; print(json.dumps(sorted(runpy.run_path('docs/icons/make.py')['ICONS'])))"
    drawn = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(drawn.stdout) == sorted(path.stem for path in (ROOT / "static/icons").glob("*.png"))
