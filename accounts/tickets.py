"""Tickets: what a page exchanges its session for to open a socket (protocol §1.1). Signed, so that a forged one can be
told from one that is used up, and redeemed once, in the database."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer

from accounts.models import Ticket
from realtime.clock import now_ms

_signer = Signer(salt="accounts.tickets")


class Forged(Exception):
    """No ticket of this server."""


class UsedUp(Exception):
    """A ticket that has expired or was redeemed before."""


def make(*, session_id: str) -> tuple[str, int]:
    """(ticket, when it expires in Unix ms) for a session."""
    now = now_ms()
    Ticket.objects.filter(expires_at__lt=now).delete()
    ticket = Ticket.objects.create(
        id=secrets.token_hex(16), session_id=session_id, expires_at=now + round(settings.IM_TICKET_LIFETIME * 1000)
    )
    return _signer.sign(ticket.id), ticket.expires_at


def redeem(text: str) -> tuple[int, str]:
    """(user id, session id) of a ticket, which is then used up. Raises Forged or UsedUp."""
    try:
        ticket_id = _signer.unsign(text)
    except BadSignature as error:
        raise Forged from error
    found = Ticket.objects.filter(pk=ticket_id, expires_at__gte=now_ms()).values_list("session__user_id", "session_id").first()
    # Of two that come at once, the one whose delete finds the row has redeemed it.
    if found is None or not Ticket.objects.filter(pk=ticket_id).delete()[0]:
        raise UsedUp
    return found[0], str(found[1])
