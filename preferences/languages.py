"""In which language somebody is spoken to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from preferences import store


@contextmanager
def spoken_to(user_id: int) -> Iterator[None]:
    """What is translated within is in the language that this person has chosen; where they have not, in the one that is
    active: of the browser that asks, or of the site. For letters and other words that reach people outside their own page."""
    with translation.override(store.of(user_id).language or translation.get_language()):
        yield
