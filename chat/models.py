"""The tables of chat. Times are Unix milliseconds, as on the wire; seq and rev begin with 1 (protocol §4)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from realtime.clock import now_ms


class Conversation(models.Model):
    """A direct chat of two people (or one: notes to self), or a group. Its row hands out seq and rev."""

    class Kind(models.TextChoices):
        DIRECT = "direct", _("direct chat")
        GROUP = "group", _("group")

    class Access(models.TextChoices):
        PRIVATE = "private", _("who is invited")
        REQUEST = "request", _("who asks and is let in")
        OPEN = "open", _("everybody")

    class Posting(models.TextChoices):
        ALL = "all", _("every member")
        ADMINS = "admins", _("admins only")

    class History(models.TextChoices):
        JOINED = "joined", _("what is said from then on")
        ALL = "all", _("everything")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DIRECT)
    title = models.CharField(_("title"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    # The stored picture's name; empty for none.
    avatar = models.CharField(max_length=40, blank=True)
    access = models.CharField(_("who may join"), max_length=8, choices=Access, default=Access.PRIVATE)
    posting = models.CharField(_("who may write"), max_length=8, choices=Posting, default=Posting.ALL)
    history = models.CharField(_("new members see"), max_length=8, choices=History, default=History.JOINED)
    # How many members a group has: kept by those who add and remove them, under the lock of this row. What is told to whom
    # depends on it with every message.
    member_count = models.IntegerField(_("members"), default=0)
    # The pair of a direct chat, `low` with the smaller id; both the same for notes to self.
    low = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("one")
    )
    high = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("other"),
    )
    last_seq = models.BigIntegerField(_("messages"), default=0)
    last_rev = models.BigIntegerField(_("changes"), default=0)
    last_at = models.BigIntegerField(default=0)
    created_at = models.BigIntegerField(default=now_ms)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes: ClassVar = [
            # Used by `joining.found`: groups that anybody may find, the largest first.
            models.Index(fields=["-member_count", "-id"], condition=~Q(access="private"), name="conversation_findable"),
        ]
        constraints: ClassVar = [
            # Used by `directs.find`; one conversation per pair.
            models.UniqueConstraint(fields=["low", "high"], name="conversation_pair"),
            models.CheckConstraint(
                condition=Q(kind="group", low=None, high=None) | Q(kind="direct", low__lte=F("high")), name="conversation_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.pk}"


class Membership(models.Model):
    """A person in a conversation: how far they have read and have been given, what they may do and see there, and how they
    want to see it.

    read_seq ≤ delivered_seq ≤ the conversation's last_seq. What is unread follows from these numbers; nothing counts."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        ADMIN = "admin", _("admin")
        MEMBER = "member", _("member")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="memberships", db_index=False)
    # Index: used by `heads`, the list of my conversations.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    read_seq = models.BigIntegerField(_("read up to"), default=0)
    delivered_seq = models.BigIntegerField(_("delivered up to"), default=0)
    unread_from = models.BigIntegerField(null=True, blank=True)
    muted_until = models.BigIntegerField(null=True, blank=True)
    pinned = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    draft = models.TextField(blank=True)
    opened = models.BooleanField(default=False)
    # Of groups. Messages with a seq up to `joined_seq` are not for this member; `joined_rev` is the change before they came.
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.MEMBER)
    joined_seq = models.BigIntegerField(default=0)
    joined_rev = models.BigIntegerField(default=0)
    joined_at = models.BigIntegerField(_("member since"), default=now_ms)
    silenced_until = models.BigIntegerField(_("may not write until"), null=True, blank=True)
    # The newest message that mentions this member.
    mention_seq = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        # Used by the journal, for the members of the conversations of a batch, and by `roster`.
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.conversation}"


class JoinRequest(models.Model):
    """Somebody asks to be let into a group that wants to be asked. Answered or taken back, it is gone."""

    NOTE = 200

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+", db_index=False)
    # Index: used by `joining`, for how many a person has open.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    note = models.CharField(max_length=NOTE, blank=True)
    created_at = models.BigIntegerField(default=now_ms)

    class Meta:
        # Used by `joining.requests`, the list of a group.
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "user"], name="join_request_once")]

    def __str__(self) -> str:
        return f"{self.user} asks for {self.conversation}"


class GroupInvite(models.Model):
    """A link that lets whoever has it into a group, until it expires, is used up or is taken back."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    # 128 random bits. Kept as it is, because those who manage a group's links copy them again.
    code = models.CharField(max_length=22, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.BigIntegerField(default=now_ms)
    expires_at = models.BigIntegerField(null=True, blank=True)
    max_uses = models.IntegerField(null=True, blank=True)
    uses = models.IntegerField(default=0)
    revoked_at = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.pk}"


class Message(models.Model):
    """A message as it is now. `rev` is that of its latest change, `created_rev` the one it was born with."""

    class ContentType(models.IntegerChoices):
        TEXT = 1, _("text")
        IMAGE = 2, _("image")
        FILE = 3, _("file")
        VOICE = 4, _("voice")
        SYSTEM = 5, _("system")

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", db_index=False, verbose_name=_("conversation")
    )
    seq = models.BigIntegerField(_("number"))
    created_rev = models.BigIntegerField()
    rev = models.BigIntegerField(_("change"))
    # The client's idempotency key; the unique constraint is the net under the journal's look-up.
    msg_id = models.UUIDField(_("message id"), unique=True, default=uuid.uuid4)
    # No index: nothing reads by sender.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("sender")
    )
    content_type = models.SmallIntegerField(_("type"), choices=ContentType, default=ContentType.TEXT)
    content = models.TextField()
    created_at = models.BigIntegerField()
    edited_at = models.BigIntegerField(null=True, blank=True)
    # What few messages have (`frames.Extras` as JSON): one column that is empty for most costs the storing of a message less
    # than one for each.
    extras = models.TextField(null=True, blank=True)  # noqa: DJ001 - null means "none", and is not stored at all
    # Taken back for everybody: the content is gone. `moderated`: by an administrator, not by the sender.
    recalled_at = models.BigIntegerField(_("taken back"), null=True, blank=True)
    moderated = models.BooleanField(db_default=False)
    # When it was last changed after it was sent, by the clock that all processes share: how the sweep finds lost changes.
    changed_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            # Used by `sweep`, every two seconds in every process.
            models.Index(fields=["changed_at"], condition=Q(changed_at__isnull=False), name="message_changed"),
        ]
        constraints: ClassVar = [
            # Used by history, the backlog and unread counts.
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq"),
            # Used by `history.changes_after`: the repair of gaps and the resume.
            models.UniqueConstraint(fields=["conversation", "rev"], name="message_rev"),
        ]
        permissions: ClassVar = [
            ("read_text", _("Can read the text of other people’s messages")),
            ("moderate", _("Can take back other people’s messages")),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"


class Edition(models.Model):
    """What a message said before it was edited, and since when it had said so."""

    # Index: used by `editing.read_editions`.
    message = models.ForeignKey(Message, models.CASCADE, related_name="editions")
    content = models.TextField()
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.message_id} at {self.at}"


class Reaction(models.Model):
    """Somebody's emoji under a message. The message carries the sum of them (`frames.Extras.reactions`)."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    emoji = models.CharField(max_length=16)
    at = models.BigIntegerField()

    class Meta:
        # Used by `reacting`: those of a message with an emoji.
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "emoji", "user"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.user_id}"


class Pin(models.Model):
    """A message that stands above its conversation for all of its members."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="pin")
    # Index: used by `pins.read_pins`.
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="pins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.message_id}"


class Star(models.Model):
    """A message that somebody wants to find again. Nobody else knows."""

    # No index of its own: the unique constraint begins with it.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    # Index: a conversation that is removed takes the stars of its messages along.
    message = models.ForeignKey(Message, models.CASCADE, related_name="stars")
    at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "message"], name="star_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.message_id}"


class ReadTime(models.Model):
    """When a member of a small group had read up to `seq`."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    # Index: used by `readers.prune`.
    at = models.BigIntegerField(db_index=True)

    class Meta:
        # Used by `readers.read_readers`.
        indexes: ClassVar = [models.Index(fields=["conversation", "seq"], name="readtime_place")]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}: {self.user_id}"


class Epoch(models.Model):
    """The one row that says which life of the database this is. A restored backup begins a new one (protocol §4)."""

    epoch = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.epoch)
