"""Invitations: who has the link may make an account, while `IM_SIGN_UP` is `invite` or `open`."""

import secrets
from hashlib import blake2b

from django.conf import settings
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Invite, User
from realtime.clock import now_ms
from realtime.errors import Code, Refused

MAX_USES = 10_000


def create(
    *,
    by: User | None,
    email: str = "",
    uses: int = 1,
    lifetime: float | None = None,
    request: HttpRequest | None = None,
) -> tuple[Invite, str]:
    """(invitation, its link). `lifetime` in seconds, IM_INVITE_LIFETIME by default. The link is shown this once: only its
    hash is kept. It is absolute where a request says under which name, else it begins with `/`.

    Raises Refused: bad_frame for numbers out of range, forbidden while IM_SIGN_UP=closed."""
    if settings.IM_SIGN_UP == "closed":
        raise Refused(Code.FORBIDDEN, "Nobody can sign up here (IM_SIGN_UP=closed).")
    lifetime = settings.IM_INVITE_LIFETIME if lifetime is None else lifetime
    if not 1 <= uses <= MAX_USES:
        raise Refused(Code.BAD_FRAME, f"uses: Between 1 and {MAX_USES}.", field="uses")
    if lifetime <= 0:
        raise Refused(Code.BAD_FRAME, "lifetime: Longer than nothing.", field="lifetime")
    token = secrets.token_urlsafe(24)
    invite = Invite.objects.create(
        token_hash=_hash(token),
        made_by=by,
        email=email.strip().lower(),
        uses_left=uses,
        expires_at=now_ms() + round(lifetime * 1000),
    )
    path = reverse("join", args=[token])
    return invite, request.build_absolute_uri(path) if request is not None else path


def revoke(*, invite_id: int) -> None:
    """Make an invitation good for nothing; doing so twice changes nothing."""
    Invite.objects.filter(pk=invite_id, revoked_at=None).update(revoked_at=now_ms())


def find(token: str) -> Invite | None:
    """The invitation of a link, while it is good and people may join at all."""
    if settings.IM_SIGN_UP == "closed":
        return None
    return Invite.objects.filter(_good(), token_hash=_hash(token)).first()


def use(invite: Invite) -> bool:
    """Take one use, in the transaction that makes the account. Of two that come for the last one, one gets it."""
    return bool(Invite.objects.filter(_good(), pk=invite.pk).update(uses_left=F("uses_left") - 1))


def _good() -> Q:
    return Q(uses_left__gt=0, revoked_at=None, expires_at__gt=now_ms())


def _hash(token: str) -> str:
    return blake2b(token.encode(), digest_size=24).hexdigest()
