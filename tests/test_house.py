"""The house stays in shape: floors, documents and catalogues match the code."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

from accounts.models import AccessChange
from imsite.routing import routes
from realtime import closing
from realtime.codec import ServerFrame
from realtime.errors import Code
from tests.support.servers import ROOT

pytestmark = pytest.mark.once

FLOORS = ["realtime", "audit", "preferences", "accounts", "presence", "announcements", "chat", "push", "imsite"]


def test_imports_point_down() -> None:
    assert lint_imports(ROOT).returncode == 0


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("realtime/hub.py", "import accounts.models"),
        ("accounts/friends.py", "from presence import states"),
        ("audit/log.py", "import accounts.models"),
        ("preferences/store.py", "from accounts import models"),
        ("presence/states.py", "from chat import heads"),
        ("chat/heads.py", "import presence.states"),
        ("chat/sending.py", "from push import recipients"),
        ("chat/heads.py", "from imsite import routing"),
    ],
)
def test_an_import_that_points_up_is_caught(tmp_path: Path, file: str, line: str) -> None:
    """The contracts bite: each planted violation fails them."""
    for floor in FLOORS:
        for source in (ROOT / floor).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.read_text())
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    with (tmp_path / file).open("a") as planted:
        planted.write(f"\n{line}\n")
    found = lint_imports(tmp_path)
    assert found.returncode != 0
    assert "BROKEN" in found.stdout


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run([sys.executable, "-c", script, "--no-cache"], cwd=folder, capture_output=True, text=True)


def test_every_setting_is_documented_and_used() -> None:
    """Each IM_ name that the settings read stands in operations.md with its default, and the other way round."""
    read = set(re.findall(r'"(IM_[A-Z_]+)"', (ROOT / "imsite/settings.py").read_text()))
    document = (ROOT / "docs/operations.md").read_text()
    documented = set(re.findall(r"^\| `(IM_[A-Z_]+)` \|", document, re.MULTILINE))
    assert read == documented
    sources = _sources(but="imsite/settings.py")
    routed = {f"IM_RATE_{kind}" for _, kind in routes.handlers.values()}  # the table names them by their last word
    unused = {name for name in read if not any(name in text for text in sources)} - routed
    set_only = {"IM_VAR_DIR", "IM_SECRET_KEY", "IM_HTTPS", "IM_LOG_LEVEL", "IM_DB_POOL", "IM_REDIS_PREFIX", "IM_DEBUG"}
    set_only |= {"IM_REFRESH_TOKEN_LIFETIME", "IM_ACCESS_TOKEN_LIFETIME", "IM_LAYER_CAPACITY", "IM_ALLOWED_HOSTS"}
    assert unused <= set_only  # these only set Django's own


def _sources(but: str) -> list[str]:
    files = [file for floor in FLOORS for file in (ROOT / floor).rglob("*.py")]
    return [file.read_text() for file in files if str(file.relative_to(ROOT)) != but]


def test_the_protocol_page_names_every_frame_and_code() -> None:
    page = (ROOT / "docs/protocol.md").read_text()
    for kind in routes.handlers:
        assert f"`{kind.__struct_config__.tag}`" in page, kind
    for kind in _all_server_frames():
        assert f"`{kind.__struct_config__.tag}`" in page, kind
    for code in Code:
        assert f"`{code}`" in page, code
    for name, close in vars(closing).items():
        if isinstance(close, closing.Close):
            assert str(close.code) in page, name


def _all_server_frames() -> list[type[ServerFrame]]:
    return [kind for kind in ServerFrame.__subclasses__() if kind.__struct_config__.tag]


def test_every_module_and_public_class_says_what_it_is() -> None:
    missing = []
    for floor in FLOORS:
        for file in (ROOT / floor).rglob("*.py"):
            if "migrations" in file.parts:
                continue
            tree = ast.parse(file.read_text())
            if file.name != "__init__.py" and not ast.get_docstring(tree) and tree.body:
                missing.append(f"{file.name}: module")
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not ast.get_docstring(node) and not _speaks_for_itself(node):
                    missing.append(f"{file.name}: {node.name}")
    assert missing == []


def _speaks_for_itself(node: ast.ClassDef) -> bool:
    """Private ones, and frames, bodies of REST, configurations: their names and fields are the documentation."""
    if node.name.startswith("_"):
        return True
    bases = " ".join(ast.unparse(base) for base in node.bases)
    return any(
        word in bases
        for word in (
            "Struct",
            "Frame",
            "Serializer",
            "AppConfig",
            "Body",
            "Addressed",
            "View",
            "Inline",
            "NamedTuple",
            "AdminSite",
        )
    )


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_chinese_catalogue_is_complete_and_compiled(domain: str) -> None:
    folder = ROOT / "locale/zh_Hans/LC_MESSAGES"
    catalogue = polib.pofile(str(folder / f"{domain}.po"))
    assert [entry.msgid for entry in catalogue if not entry.translated() or "fuzzy" in entry.flags] == []
    compiled = polib.mofile(str(folder / f"{domain}.mo"))
    assert {e.msgid: (e.msgstr, e.msgstr_plural) for e in compiled} == {e.msgid: (e.msgstr, e.msgstr_plural) for e in catalogue}
    for entry in catalogue:
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                wanted = set(re.findall(r"%\(\w+\)s", entry.msgid + entry.msgid_plural))
                assert set(re.findall(r"%\(\w+\)s", text)) == wanted, entry.msgid


def test_every_string_of_the_page_is_in_the_catalogue() -> None:
    catalogue = polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/djangojs.po"))
    known = {entry.msgid for entry in catalogue}
    used = set()
    for file in (ROOT / "static/js").rglob("*.js"):
        used |= set(re.findall(r'\bn?gettext\(\s*"((?:[^"\\]|\\.)+)"', file.read_text()))
    assert used
    assert used <= known


def test_every_string_of_pages_and_admin_is_in_the_catalogue() -> None:
    catalogue = polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"))
    known = {entry.msgid for entry in catalogue}
    used = set()
    for text in _sources(but=""):
        used |= set(re.findall(r'\b(?:_|ngettext)\(\s*"((?:[^"\\]|\\.)+)"', text))
    for file in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% translate "([^"]+)"', file.read_text()))
    assert "Disconnect" in used
    assert "Sign in" in used
    assert used <= known


def test_the_project_speaks_of_itself_alone() -> None:
    """No file names a path of somebody's machine, and no page asks another server for anything."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    own = re.compile(r"/(?:home|Users)/\w+/|/work/|\.\./shared")
    for name in listed.stdout.split("\n"):
        file = ROOT / name
        if not name or not file.is_file() or file.suffix in (".png", ".mo") or name == "tests/test_house.py":
            continue
        text = file.read_text()
        assert not own.search(text), name
        if name.startswith(("templates/", "static/")):
            assert not re.search(r'(?:src|href|url\()\s*=?\s*["\']?(?:https?:)?//', text), name


def test_the_kinds_of_the_log_fit_their_column() -> None:
    field = AccessChange._meta.get_field("kind")
    assert max(len(kind) for kind in AccessChange.Kind.values) <= (field.max_length or 0)
    assert settings.STATIC_URL.startswith("/static/")
