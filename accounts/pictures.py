"""The pictures of people and groups: whatever image comes in is decoded once, cut to a square, and kept in our own encoding,
so that nothing else that was in the file (where it was taken, a second format, code) reaches anybody."""

import os
import shutil
import threading
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from PIL import Image, ImageOps

from realtime.errors import Code, Refused

SIZES = (96, 256, 512)  # pixels of a side: rows, pages, and wherever it is looked at
TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
AVATARS, GROUPS = "avatars", "groups"  # shelves: the pictures of people, and of groups
MAX_PIXELS = 40_000_000  # of an image that comes in: decoded, that is 160 MB
_one_at_a_time = threading.Lock()  # two of them would be twice as much

Files = dict[int, bytes]


def encode(data: bytes) -> tuple[str, Files]:
    """(digest, WebP file by size) of the middle square of an image, of its first frame where it moves. The digest is salted: it
    is another one each time, and says of nobody's picture that it is somebody else's.

    Raises Refused: bad_attachment for what is no image of TYPES, broken, or larger than MAX_PIXELS."""
    with _one_at_a_time:
        square = _square(data)
    files: Files = {}
    for size in SIZES:
        out = BytesIO()
        square.resize((size, size), Image.Resampling.LANCZOS).save(out, "WEBP", quality=84, method=4)
        files[size] = out.getvalue()
    return blake2b(files[SIZES[-1]], digest_size=16, salt=os.urandom(16)).hexdigest(), files


def _square(data: bytes) -> Image.Image:
    side = SIZES[-1]
    try:
        with Image.open(BytesIO(data), formats=tuple(TYPES.values())) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refused(f"The image has more than {MAX_PIXELS:,} pixels.")
            image.draft("RGB", (2 * side, 2 * side))  # a JPEG is decoded no larger than needed
            image.load()
            upright = ImageOps.exif_transpose(image)
            alpha = upright.has_transparency_data
            return ImageOps.fit(upright.convert("RGBA" if alpha else "RGB"), (side, side), Image.Resampling.LANCZOS)
    except Refused:
        raise
    except Exception as error:  # decoders meet hostile bytes with errors of any kind; none is more than a bad image
        raise _refused("This is no image that can be read.") from error


def _refused(message: str) -> Refused:
    return Refused(Code.BAD_ATTACHMENT, message, field="image")


def _folder(shelf: str, owner_id: int) -> Path:
    return Path(settings.IM_MEDIA_DIR) / shelf / str(owner_id)


def path_of(*, owner_id: int, digest: str, size: int, shelf: str = AVATARS) -> Path:
    """Where the file of a picture is. `shelf`: whether its owner is a person or a group."""
    return _folder(shelf, owner_id) / f"{digest}-{size}.webp"


def keep(*, owner_id: int, digest: str, files: Files, shelf: str = AVATARS) -> None:
    """Write the files of a picture. Each appears whole or not at all."""
    folder = _folder(shelf, owner_id)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    for size, data in files.items():
        part = folder / f".{uuid4().hex}"
        part.write_bytes(data)
        part.replace(path_of(owner_id=owner_id, digest=digest, size=size, shelf=shelf))


def forget(*, owner_id: int, digest: str = "", shelf: str = AVATARS) -> None:
    """Remove the files of somebody's picture; without a digest, of all that there ever were."""
    folder = _folder(shelf, owner_id)
    if digest:
        for size in SIZES:
            path_of(owner_id=owner_id, digest=digest, size=size, shelf=shelf).unlink(missing_ok=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
