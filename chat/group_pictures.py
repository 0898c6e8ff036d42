"""The pictures of groups: kept like those of people, shown to members, and to whoever may find the group or has a link."""

from accounts import pictures
from chat import invites
from chat.access import access_group
from chat.groups import Describe, perform
from chat.models import Conversation, Membership
from realtime.errors import not_found


def set_picture(*, user_id: int, conversation_id: int, data: bytes) -> None:
    """Make this image the group's picture. Raises Refused: not_found, forbidden, bad_attachment."""
    access_group(user_id=user_id, conversation_id=conversation_id, manage=True)  # before the image costs anything
    digest, files = pictures.encode(data)
    try:
        pictures.keep(owner_id=conversation_id, digest=digest, files=files, shelf=pictures.GROUPS)
        _change(user_id, conversation_id, digest)
    except BaseException:
        pictures.forget(owner_id=conversation_id, digest=digest, shelf=pictures.GROUPS)
        raise


def remove_picture(*, user_id: int, conversation_id: int) -> None:
    """Its initials again. Raises Refused: not_found, forbidden."""
    _change(user_id, conversation_id, "")


def _change(user_id: int, conversation_id: int, digest: str) -> None:
    act = Describe(actor_id=user_id, conversation_id=conversation_id, fields={"avatar": digest})
    perform(act)
    if replaced := act.replaced.get("avatar"):
        pictures.forget(owner_id=conversation_id, digest=replaced, shelf=pictures.GROUPS)


def read(*, user_id: int, conversation_id: int, digest: str, size: int) -> bytes:
    """The file of a group's picture, for members and, where anybody may find the group, for everybody.

    Raises Refused: not_found."""
    group = Conversation.objects.filter(pk=conversation_id, kind=Conversation.Kind.GROUP).first()
    if group is None or (
        group.access == Conversation.Access.PRIVATE
        and not Membership.objects.filter(conversation_id=conversation_id, user_id=user_id).exists()
    ):
        raise not_found("There is no such picture.")
    return _file(group, digest, size)


def read_by_link(*, code: str, digest: str, size: int) -> bytes:
    """The same for who has a link. Raises Refused: not_found."""
    return _file(Conversation.objects.get(pk=invites.find(code).conversation_id), digest, size)


def _file(group: Conversation, digest: str, size: int) -> bytes:
    if not digest or group.avatar != digest or size not in pictures.SIZES:
        raise not_found("There is no such picture.")
    try:
        return pictures.path_of(owner_id=group.pk, digest=digest, size=size, shelf=pictures.GROUPS).read_bytes()
    except OSError as error:
        raise not_found("There is no such picture.") from error
