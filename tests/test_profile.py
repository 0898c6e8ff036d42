"""How people show themselves: name, status line and picture, which is never the file that somebody sent."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from accounts import friends, pictures
from accounts.models import User
from tests.conftest import Open
from tests.support.http import call
from tests.support.people import PASSWORD, Cast, Person
from tests.support.rest import API, ok, refused, say
from tests.support.servers import Server

ME = API + "users/me"
MINE = API + "me/avatar"


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, settings: Any) -> None:
    """Folders of their own: the ids of people are given again after each test, and so would be their files."""
    settings.IM_MEDIA_DIR = tmp_path


def drawn(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    """An image, red on the left and blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def put(who: Person, data: bytes, kind: str = "image/png") -> Any:
    return who.api.put(MINE, data, content_type=kind)


def shown(who: Person, url: str, **query: Any) -> Image.Image:
    answer = who.api.get(url, query)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


def files_of(person: Person) -> list[Path]:
    folder = settings.IM_MEDIA_DIR / "avatars" / str(person.id)
    return sorted(folder.iterdir()) if folder.is_dir() else []


# ---- name and status line ------------------------------------------------------------------------------------------------


def test_a_status_line_is_one_line_and_everybody_sees_it(cast: Cast) -> None:
    alice = cast.alice
    assert ok(alice.api.patch(ME, {"status": "  on the 8:40,\n bad  signal "}))["status"] == "on the 8:40, bad signal"
    say(alice, cast.bob, "hello")
    seen = [
        ok(cast.carol.api.get(f"{API}users/{alice.id}")),
        ok(cast.carol.api.get(API + "users", {"search": alice.user.username}))["results"][0],
        ok(cast.bob.api.get(API + "friends"))["results"][0],
        ok(cast.bob.api.get(API + "conversations"))["results"][0]["peer"],
    ]
    for person in seen:
        assert (person["status"], person["avatar"]) == ("on the 8:40, bad signal", None)
    assert ok(alice.api.patch(ME, {"displayName": "Al"}))["status"] == "on the 8:40, bad signal"
    assert ok(alice.api.patch(ME, {"status": ""}))["status"] == ""
    assert ok(alice.api.patch(ME, {"status": "好" * 80}))["status"] == "好" * 80
    for bad in ("x" * 81, "a\0b", 5, None, ["x"]):
        assert refused(alice.api.patch(ME, {"status": bad}), 400, "bad_frame")["field"] == "status"


# ---- pictures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_a_square_of_our_own_making(cast: Cast, kind: str) -> None:
    url = ok(put(cast.alice, drawn(kind), f"image/{kind.lower()}"))["avatar"]
    assert ok(cast.bob.api.get(f"{API}users/{cast.alice.id}"))["avatar"] == url
    for size in pictures.SIZES:
        square = shown(cast.bob, url, size=size)
        assert (square.format, square.size) == ("WEBP", (size, size))
    left, right = (square.convert("RGB").getpixel((x, 40)) for x in (40, 470))
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]
    assert shown(cast.bob, url).size == (256, 256)
    assert cast.bob.api.get(url, headers={"accept": "image/webp"}).status_code == 200
    answer = cast.carol.api.get(url)
    assert answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    for wrong in ("?size=97", "?size=x", "?size=-1"):
        refused(cast.bob.api.get(url + wrong), 404, "not_found")


def test_nothing_else_of_the_file_is_kept_and_it_stands_upright(cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "taken at 55.8642 N"
    data = drawn("JPEG", exif=exif.tobytes(), comment=b"taken at 55.8642 N") + b"<script>alert(1)</script>"
    url = ok(put(cast.alice, data, "image/jpeg"))["avatar"]
    for size in pictures.SIZES:
        content = cast.bob.api.get(url, {"size": size}).content
        assert b"taken at" not in content
        assert b"script" not in content
        assert b"EXIF" not in content
    square = shown(cast.bob, url).convert("RGB")
    top, bottom = square.getpixel((128, 20)), square.getpixel((128, 236))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0]


def test_of_what_moves_the_first_frame_stays_and_what_is_clear_stays_clear(cast: Cast) -> None:
    frames = [Image.new("RGBA", (64, 64), color) for color in ((0, 255, 0, 255), (255, 0, 0, 255))]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    square = shown(cast.alice, ok(put(cast.alice, out.getvalue(), "image/gif"))["avatar"])
    assert getattr(square, "n_frames", 1) == 1
    green = square.convert("RGB").getpixel((9, 9))
    assert isinstance(green, tuple)
    assert green[1] > 200 > green[0]
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")
    clear = shown(cast.alice, ok(put(cast.alice, out.getvalue()))["avatar"]).getpixel((9, 9))
    assert isinstance(clear, tuple)
    assert clear[3] == 0


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 50,000 × 50,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [b"", b"x", drawn()[:200], drawn("JPEG")[:-300], bomb(), SVG, drawn("BMP"), drawn("TIFF"), b"%PDF-1.4", b"\0" * 5000],
    ids=["empty", "letter", "cut PNG", "cut JPEG", "bomb", "SVG", "BMP", "TIFF", "PDF", "zeros"],
)
def test_what_is_no_image_changes_nothing(cast: Cast, data: bytes) -> None:
    before = ok(put(cast.alice, drawn()))["avatar"]
    kept = files_of(cast.alice)
    assert refused(put(cast.alice, data), 400, "bad_attachment")["field"] == "image"
    assert ok(cast.alice.api.get(ME))["avatar"] == before
    assert files_of(cast.alice) == kept


def test_too_many_pixels_or_bytes_are_refused_before_they_are_decoded(cast: Cast, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 299 * 200)
    refused(put(cast.alice, drawn()), 400, "bad_attachment")
    monkeypatch.undo()
    settings.IM_AVATAR_BYTES = len(drawn()) - 1
    refused(put(cast.alice, drawn()), 400, "bad_attachment")
    settings.IM_AVATAR_BYTES = len(drawn())
    ok(put(cast.alice, drawn()))


def test_a_picture_as_large_as_cameras_make_them(cast: Cast) -> None:
    out = io.BytesIO()
    Image.effect_noise((1500, 1000), 90).save(out, "PNG")
    assert len(out.getvalue()) > 1_000_000
    assert shown(cast.bob, ok(put(cast.alice, out.getvalue()))["avatar"], size=512).size == (512, 512)


def test_other_types_are_not_even_looked_at(cast: Cast) -> None:
    for kind in ("image/svg+xml", "text/html", "application/json", "multipart/form-data; boundary=x", "image/tiff"):
        assert put(cast.alice, drawn(), kind).status_code == 415
    assert put(cast.alice, drawn("JPEG"), "image/png").status_code == 200  # the bytes count, not the name


def test_a_picture_is_replaced_and_taken_away_with_its_files(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    def change(act: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return ok(act())["avatar"]

    first = change(lambda: put(cast.alice, drawn()))
    second = change(lambda: put(cast.alice, drawn()))
    assert first != second
    assert len(files_of(cast.alice)) == len(pictures.SIZES)
    refused(cast.bob.api.get(first), 404, "not_found")
    assert cast.bob.api.get(second).status_code == 200
    assert change(lambda: cast.alice.api.delete(MINE)) is None
    assert files_of(cast.alice) == []
    refused(cast.bob.api.get(second), 404, "not_found")
    assert change(lambda: cast.alice.api.delete(MINE)) is None

    change(lambda: put(cast.alice, drawn()))
    with django_capture_on_commit_callbacks(execute=True):
        User.objects.filter(pk=cast.alice.id).delete()
    assert files_of(cast.alice) == []


def test_who_may_see_a_picture(cast: Cast) -> None:
    """Everybody who is signed in, by the page's cookie too; of nobody who is gone, and no other file by a clever address."""
    url = ok(put(cast.alice, drawn()))["avatar"]
    refused(Client().get(url), 401, "unauthorized")
    page = Client()
    assert page.login(username=cast.carol.user.username, password=PASSWORD)
    assert page.get(url).status_code == 200
    digest = url.rsplit("/", 1)[1]
    for wrong in (url.replace(digest, "0" * 32), url.replace(digest, digest[:-1]), f"{API}users/{cast.bob.id}/avatar/{digest}"):
        refused(cast.bob.api.get(wrong), 404, "not_found")
    for outside in (f"{API}users/{cast.alice.id}/avatar/..%2f..%2fsecrets", f"{API}users/999999/avatar/{digest}"):
        refused(cast.bob.api.get(outside), 404, "not_found")
    for file in files_of(cast.alice):
        file.unlink()
    refused(cast.bob.api.get(url), 404, "not_found")
    User.objects.filter(pk=cast.alice.id).update(is_active=False)
    refused(cast.bob.api.get(url), 404, "not_found")
    refused(Client().put(MINE, drawn(), content_type="image/png"), 401, "unauthorized")


# ---- live ----------------------------------------------------------------------------------------------------------------


async def test_friends_and_my_other_devices_see_a_change_at_once(people: Cast, servers: list[Server], device: Open) -> None:
    alice, bob = await device(people.alice, profiles=1), await device(people.bob, profiles=1)
    carol, original = await device(people.carol, profiles=1), await device(people.bob)
    status, _ = await call(servers[0], "PATCH", ME, people.alice.access, {"displayName": "Al", "status": "away"})
    assert status == 200
    who = {"userId": people.alice.id, "username": people.alice.user.username}
    wanted = {**who, "displayName": "Al", "avatar": None, "status": "away"}
    for one in (alice, bob):
        assert (await one.get("profile"))["data"] == wanted
    for other in (carol, original):
        await other.settled()
        assert other.all("profile") == []
    bob.clear()
    await call(servers[0], "PATCH", ME, people.alice.access, {"status": "away"})  # is no change
    await call(servers[0], "PUT", f"{API}blocks/{people.bob.id}", people.alice.access)
    alice.clear()
    await call(servers[0], "PATCH", ME, people.alice.access, {"status": "back"})
    await alice.get("profile", lambda data: data["status"] == "back")
    await bob.settled()
    assert bob.all("profile") == []


def test_a_block_stands_between_friends_either_way(
    cast: Cast, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    friends.block(user_id=cast.bob.id, other_id=cast.alice.id)
    published: list[Any] = []
    monkeypatch.setattr("accounts.profiles.hub.publish", published.extend)
    with django_capture_on_commit_callbacks(execute=True):
        ok(cast.alice.api.patch(ME, {"status": "away"}))
    assert [group for (group,), _ in published] == [f"user.{cast.alice.id}"]
