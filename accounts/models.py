"""The tables of accounts. Times are Unix milliseconds unless Django's own user table says otherwise."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime.clock import now_ms


def avatar_url(user_id: int, digest: str) -> str | None:
    """Where the picture of a person is served; None where there is none."""
    return f"/api/v1/users/{user_id}/avatar/{digest}" if digest else None


class User(AbstractUser):
    """A person. Shown to others by `name`; found by user name, never by e-mail address."""

    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    # When the person deleted their account; the row stays, because messages speak of it.
    deleted_at = models.BigIntegerField(null=True, blank=True, editable=False)
    status = models.CharField(_("status line"), max_length=80, blank=True)
    # What the files of the picture are called (`accounts.pictures`); blank: none.
    avatar = models.CharField(_("picture"), max_length=32, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        # Sign-in and search: one person a name, however it is capitalised.
        constraints: ClassVar = [models.UniqueConstraint(Lower("username"), name="user_name_any_case")]
        # Used by `backends.find`, for signing in by address.
        indexes: ClassVar = [models.Index(Lower("email"), name="user_email_any_case")]

    @property
    def name(self) -> str:
        if self.deleted_at is not None:
            return gettext("Deleted account")
        return self.display_name or self.get_full_name() or self.username

    @property
    def avatar_url(self) -> str | None:
        return avatar_url(self.pk, self.avatar)


class Session(models.Model):
    """One sign-in: a browser's or a program's. Its id is the `sid` claim of its tokens; ending it ends them all."""

    class Kind(models.TextChoices):
        WEB = "web", _("web page")
        TOKEN = "token", _("program")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Index on user: ending all sessions of a person.
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    # What the password was when it began: a changed password ends it without a write here.
    fingerprint = models.CharField(max_length=32)
    # The only refresh token that is still good; each is used once.
    refresh_jti = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(_("program"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=64, blank=True)
    created_at = models.BigIntegerField(default=now_ms)
    # To some minutes: see `sessions.SEEN_EVERY`.
    last_seen_at = models.BigIntegerField(default=now_ms)
    ended_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user}"


class Ticket(models.Model):
    """Opens one socket for a session, once, within 30 seconds (protocol §1.1)."""

    id = models.CharField(primary_key=True, max_length=32)
    session = models.ForeignKey(Session, models.CASCADE)
    # Index: used by `tickets.make`, which removes the expired ones.
    expires_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.id


class AccessChange(models.Model):
    """The log of rights that ended or began. Every process reads its end each second, so that it needs no Redis."""

    class Kind(models.TextChoices):
        SESSION = "session", _("session ended")
        SESSIONS = "sessions", _("all sessions ended")
        PASSWORD = "password", _("password changed")
        DISABLED = "disabled", _("account disabled")
        CONNECTION = "connection", _("connection ended")
        FRIENDS = "friends", _("became friends")
        UNFRIENDS = "unfriends", _("no longer friends")
        BLOCK = "block", _("blocked")
        UNBLOCK = "unblock", _("no longer blocked")
        REQUEST = "request", _("friend request")
        JOINED = "joined", _("joined a group")
        LEFT = "left", _("left a group")

    kind = models.CharField(max_length=12, choices=Kind)
    # No foreign keys: the log outlives what it speaks of.
    user_id = models.BigIntegerField()
    other_id = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=80, blank=True)
    at = models.BigIntegerField(default=now_ms)

    class Meta:
        # Used by `credentials.standing` for tokens without a session.
        indexes: ClassVar = [models.Index(fields=["user_id", "kind"], name="access_change_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user_id}"


class Friendship(models.Model):
    """Two people who are friends, once per pair: `low` has the smaller id."""

    low = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False, verbose_name=_("one"))
    # Index: used by `friends.friend_ids`, for the half of a person's friendships that the unique constraint does not serve.
    high = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("other"))
    created_at = models.BigIntegerField(default=now_ms)

    class Meta:
        verbose_name = _("friendship")
        verbose_name_plural = _("friendships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["low", "high"], name="friendship_pair"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="friendship_order"),
        ]

    def __str__(self) -> str:
        return f"{self.low} – {self.high}"


class FriendRequest(models.Model):
    """`sender` asks `recipient`, perhaps with a few words. Answered or taken back, it is gone."""

    NOTE = 200  # characters

    sender = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False, verbose_name=_("sender"))
    # Index: used by the list of requests to me.
    recipient = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("recipient"))
    note = models.CharField(_("note"), max_length=NOTE, blank=True)
    created_at = models.BigIntegerField(default=now_ms)

    class Meta:
        verbose_name = _("friend request")
        verbose_name_plural = _("friend requests")
        constraints: ClassVar = [models.UniqueConstraint(fields=["sender", "recipient"], name="friend_request_pair")]

    def __str__(self) -> str:
        return f"{self.sender} → {self.recipient}"


class Block(models.Model):
    """`blocker` wants nothing from `blocked`, who is not told."""

    blocker = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False, verbose_name=_("who blocks"))
    # Index: used by every send and every presence change, to find who has blocked me.
    blocked = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("who is blocked"))
    created_at = models.BigIntegerField(default=now_ms)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_pair"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker} ⊘ {self.blocked}"


class SignInFailure(models.Model):
    """Failed sign-ins by name and by address, as a token bucket that all processes share."""

    key = models.CharField(primary_key=True, max_length=64)
    tokens = models.FloatField()
    # Index: used by `throttle.failed`, which forgets old ones.
    at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Invite(models.Model):
    """Whoever has its link may make an account. The link itself is not kept."""

    token_hash = models.CharField(max_length=48, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by"))
    email = models.EmailField(_("for the address"), blank=True)
    uses_left = models.PositiveIntegerField(_("uses left"))
    created_at = models.BigIntegerField(default=now_ms)
    expires_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"#{self.pk}"


class CacheEntry(models.Model):
    """The table of Django's database cache, which every process shares."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    # Index: used by the cache, which removes the expired ones.
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key
