"""The pictures of groups: who may set one, and who is shown it."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chat.models import Membership
from tests.support.groups import make_group, said
from tests.support.people import Cast
from tests.support.rest import API, ok, refused
from tests.test_groups_rest import at


def image(color: str = "red", **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), color).save(out, "PNG", **options)
    return out.getvalue()


def test_the_picture_of_a_group(cast: Cast, tmp_path: Any, settings: Any) -> None:
    settings.IM_MEDIA_DIR = tmp_path
    group = make_group(cast.alice, cast.bob)
    path = at(group, "picture")
    first = ok(cast.alice.api.put(path, image(), content_type="image/png"))["avatar"]
    served = cast.bob.api.get(first, {"size": 96})
    assert (served.status_code, served["Content-Type"]) == (200, "image/webp")
    refused(cast.carol.api.get(first), 404, "not_found")
    refused(cast.bob.api.put(path, image(), content_type="image/png"), 403, "forbidden")
    form = {"picture": SimpleUploadedFile("x.png", image("blue"), "image/png")}
    second = ok(cast.alice.api.put(path, form, format="multipart"))["avatar"]
    assert second != first
    refused(cast.bob.api.get(first), 404, "not_found")
    assert len(list(tmp_path.rglob("*.webp"))) == 3
    ok(cast.alice.api.patch(at(group), {"access": "request"}))
    assert cast.carol.api.get(second).status_code == 200
    ok(cast.alice.api.patch(at(group), {"access": "private"}))
    link = ok(cast.alice.api.post(at(group, "invites"), {}), 201)["code"]
    preview = ok(cast.carol.api.get(f"{API}invites/{link}"))
    assert cast.carol.api.get(preview["avatar"], {"size": 96}).status_code == 200
    refused(cast.bob.api.delete(path), 403, "forbidden")
    assert ok(cast.alice.api.delete(path))["avatar"] is None
    assert not list(tmp_path.rglob("*.webp"))
    assert [one["action"] for one in said(group)].count("picture") == 3
    refused(cast.alice.api.put(path, b"no image", content_type="image/png"), 400, "bad_attachment")
    refused(cast.alice.api.put(path, {}, format="multipart"), 400, "bad_attachment")
    settings.IM_AVATAR_BYTES = 100
    form = {"picture": SimpleUploadedFile("x.png", b"x" * 20_000, "image/png")}
    refused(cast.alice.api.put(path, form, format="multipart"), 400, "bad_attachment")


def test_files_go_with_a_member(cast: Cast, tmp_path: Any, settings: Any) -> None:
    settings.IM_MEDIA_DIR = tmp_path
    group = make_group(cast.alice, cast.bob)
    picture = ok(cast.alice.api.put(at(group, "picture"), image(), content_type="image/png"))["avatar"]
    ok(cast.alice.api.delete(at(group, "members", cast.bob.id)), 204)
    refused(cast.bob.api.get(picture), 404, "not_found")
    assert Membership.objects.filter(conversation_id=group).count() == 1
