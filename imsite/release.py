"""Names the built static files by their content, so that browsers may keep them for ever."""

import hashlib
from importlib.metadata import version
from pathlib import Path


def static_version(folder: Path) -> str:
    """Twelve hex digits that change with any file under `folder` or with a package that brings static files.

    It stands in STATIC_URL: relative imports between ES modules keep working, which file-by-file hashes would break
    without an inline import map."""
    digest = hashlib.sha256()
    for package in ("Django", "djangorestframework", "drf-spectacular-sidecar"):
        digest.update(f"{package} {version(package)}\n".encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
