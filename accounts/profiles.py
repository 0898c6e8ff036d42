"""What people show of themselves: name, status line and picture. Friends hear of a change at once."""

from typing import Any

from django.db import transaction

from accounts import pictures
from accounts.frames import OPTION, ProfileData, ProfileFrame
from accounts.friends import blocked_either_way, friend_ids
from accounts.models import User
from accounts.people import access_person
from realtime.codec import encode
from realtime.errors import Code, Refused, not_found
from realtime.hub import frame, hub, user_group


def change(*, user: User, display_name: str | None = None, status: str | None = None) -> User:
    """Change what is given. Raises Refused: bad_frame where nothing would be seen of a name."""
    changes: dict[str, str] = {}
    if display_name is not None:
        changes["display_name"] = display_name.strip()
        if display_name and not changes["display_name"]:
            raise Refused(Code.BAD_FRAME, "displayName: This name is blank.", field="displayName")
    if status is not None:
        changes["status"] = " ".join(status.split())
    return _save(user, changes)


def set_picture(*, user: User, data: bytes) -> User:
    """Make this image the person's picture. Raises Refused: bad_attachment."""
    digest, files = pictures.encode(data)
    try:
        pictures.keep(owner_id=user.pk, digest=digest, files=files)
        return _save(user, {"avatar": digest})
    except BaseException:
        pictures.forget(owner_id=user.pk, digest=digest)
        raise


def remove_picture(*, user: User) -> User:
    """Their initials again."""
    return _save(user, {"avatar": ""})


@transaction.atomic
def _save(user: User, changes: dict[str, str]) -> User:
    """Store, and tell; the files of a picture that is nobody's any more go once that is certain. What follows the commit is
    `robust`: a failure there must not look as if nothing had been stored."""
    known = User.objects.select_for_update().filter(pk=user.pk).first()
    if known is None:  # deleted just now
        raise not_found("There is no such person.")
    changes = {name: value for name, value in changes.items() if getattr(known, name) != value}
    if not changes:
        return known
    replaced = known.avatar if "avatar" in changes else ""
    for name, value in changes.items():
        setattr(known, name, value)
    known.save(update_fields=list(changes))
    if replaced:
        transaction.on_commit(lambda: pictures.forget(owner_id=known.pk, digest=replaced), robust=True)
    tell(known)
    return known


def tell(user: User) -> None:
    """After the commit, tell the person's friends and their own other connections how they are shown now."""
    text = encode(ProfileFrame(data=ProfileData(user.pk, user.username, user.name, user.avatar_url, user.status)))
    viewers = sorted((friend_ids(user.pk) - blocked_either_way(user.pk)) | {user.pk})
    messages = [frame(user_group(viewer), text, wanted=OPTION) for viewer in viewers]
    transaction.on_commit(lambda: hub.publish(messages), robust=True)


def picture(*, viewer_id: int, person_id: int, digest: str, size: int) -> bytes:
    """The file of an active person's picture, as long as it is theirs. Raises Refused: not_found."""
    person = access_person(viewer_id=viewer_id, person_id=person_id)
    if not digest or person.avatar != digest or size not in pictures.SIZES:
        raise not_found("There is no such picture.")
    try:
        return pictures.path_of(owner_id=person.pk, digest=digest, size=size).read_bytes()
    except OSError as error:
        raise not_found("There is no such picture.") from error


def forget(sender: Any, instance: User, **kwargs: Any) -> None:
    """A person was deleted, whatever deleted them: their pictures go too."""
    user_id = instance.pk  # which it loses soon
    transaction.on_commit(lambda: pictures.forget(owner_id=user_id), robust=True)
