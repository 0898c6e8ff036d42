"""Writing to the audit log, in the transaction of the act that it tells of."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent

MAX_REASON = 500  # characters

# What each act is called in the log. `audit.acts` adds the acts of the admin; whoever records another one names it here.
NAMES: dict[str, Any] = {"add": _("Added"), "change": _("Changed"), "delete": _("Deleted")}


def record(
    *, actor_id: int | None, actor: str, action: str, kind: str = "", target_id: object = "", target: str = "",
    reason: str = "", detail: dict[str, Any] | None = None, address: str = "",
) -> AuditEvent:  # fmt: skip
    """Write one event. `kind` is the label of a model ("accounts.user"). Never put the text of a message or a secret in."""
    return AuditEvent.objects.create(
        actor_id=actor_id, actor=actor[:150], action=action, target_kind=kind, target_id=str(target_id)[:64],
        target=target[:200], reason=reason[:MAX_REASON], detail=detail or {}, address=address[:64],
    )  # fmt: skip


def author(request: HttpRequest) -> dict[str, Any]:
    """Who acts in this request, as arguments of `record`."""
    return {
        "actor_id": request.user.pk,
        "actor": request.user.get_username(),
        "address": request.META.get("REMOTE_ADDR", ""),
    }


def about(target: Model) -> dict[str, Any]:
    """What an act is about, as arguments of `record`."""
    return {"kind": target._meta.label_lower, "target_id": target.pk or "", "target": str(target)}


def record_in(
    request: HttpRequest, action: str, target: Model | None = None, *, reason: str = "", detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Write one event of an administrator's request."""
    named = about(target) if target is not None else {}
    return record(action=action, reason=reason, detail=detail, **author(request), **named)
