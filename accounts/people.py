"""Finding people and reading what others may know of them."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from realtime.errors import not_found


def access_person(*, viewer_id: int, person_id: int) -> User:
    """An active person by id. Raises Refused: not_found."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise not_found("There is no such person.")
    return person


def search_people(*, viewer_id: int, text: str, limit: int) -> QuerySet[User]:
    """Active people whose user name or shown name holds `text`, best first; never by e-mail address, never myself."""
    text = text.strip()
    people = User.objects.filter(is_active=True).exclude(pk=viewer_id)
    if text:
        people = people.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    rank = Case(
        When(username__iexact=text, then=Value(0)),
        When(Q(username__istartswith=text) | Q(display_name__istartswith=text), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return people.order_by(rank, "username")[:limit]
