"""Reading people from a CSV file, with what is wrong in each line, and making accounts of them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User

MAX_BYTES = 200_000
MAX_PEOPLE = 1_000
MAX_PASSWORDS = 200  # each takes a tenth of a second to hash, as it should

COLUMNS = ("username", "display_name", "email", "password")
_ALSO = {"user_name": "username", "name": "display_name", "displayname": "display_name", "e-mail": "email", "mail": "email"}


class Unreadable(Exception):
    """The file as a whole cannot be read; the text says why, to the person who chose it."""


@dataclass
class Line:
    """One person of the file. `number` is the line where it ends, as an editor counts; `problems` are sentences."""

    number: int
    username: str
    display_name: str
    email: str
    password: str
    problems: list[str] = field(default_factory=list)

    def user(self) -> User:
        return User(username=self.username, display_name=self.display_name, email=self.email)


def decode(data: bytes) -> str:
    """The text of a file. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %d kB. Split it.") % (MAX_BYTES // 1000))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error


def read(text: str) -> list[Line]:
    """The people of the file, each with what is wrong with it. Raises Unreadable."""
    if "\0" in text:
        raise Unreadable(_("This is not a CSV file."))
    head = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    try:
        lines = _lines(rows)
    except csv.Error as error:
        raise Unreadable(_("Line %(line)d is not CSV: %(why)s.") % {"line": rows.line_num, "why": error}) from error
    if not lines:
        raise Unreadable(_("The file names nobody."))
    _look_up(lines)
    return lines


def _lines(rows: Any) -> list[Line]:
    columns: list[str] | None = None
    lines: list[Line] = []
    for row in rows:
        if not any(value.strip() for value in row):
            continue
        if columns is None:
            columns = _columns([value.strip() for value in row])
            continue
        if len(lines) == MAX_PEOPLE:
            raise Unreadable(_("The file names more than %d people. Split it.") % MAX_PEOPLE)
        found = dict.fromkeys(COLUMNS, "") | dict(zip(columns, row, strict=False))
        # A password is taken at its word, spaces at its ends included.
        username, display_name, email = (found[name].strip() for name in COLUMNS[:-1])
        line = Line(rows.line_num, username, display_name, email, found["password"])
        if len(row) > len(columns):
            line.problems.append(_("There are more values than columns."))
        lines.append(line)
    if sum(bool(line.password) for line in lines) > MAX_PASSWORDS:
        raise Unreadable(_("The file has more than %d passwords. Split it.") % MAX_PASSWORDS)
    return lines


def _columns(values: list[str]) -> list[str]:
    named = [value.lower().replace(" ", "_") for value in values]
    columns = [_ALSO.get(name, name) for name in named]
    if "username" not in columns:
        raise Unreadable(_("The first line must name the columns; “username” is not among them."))
    if len(set(columns)) < len(columns):
        raise Unreadable(_("Two columns have the same name."))
    unknown = [value for value, column in zip(values, columns, strict=True) if column not in COLUMNS]
    if unknown:
        raise Unreadable(_("Nobody knows what these columns mean: %s.") % ", ".join(unknown))
    return columns


def _look_up(lines: list[Line]) -> None:
    """Find what is wrong with each line, with one question to the database."""
    for line in lines:
        line.username = User.normalize_username(line.username)
    names = {line.username for line in lines}
    # SQLite's LOWER knows ASCII only: what is the same to the letter is looked for as well.
    same = Q(lower__in={name.lower() for name in names}) | Q(username__in=names)
    found = User.objects.annotate(lower=Lower("username")).filter(same).values_list("username", flat=True)
    taken = {name.lower() for name in found}
    seen: dict[str, int] = {}
    for line in lines:
        name = line.username.lower()
        if name and name in seen:
            line.problems.append(_("Line %d has this username already.") % seen[name])
        elif name in taken:
            line.problems.append(_("This username is taken."))
        seen.setdefault(name, line.number)
        line.problems += _problems(line)


def _problems(line: Line) -> list[str]:
    user = line.user()
    problems: list[str] = []
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            label = capfirst(str(getattr(User._meta.get_field(name), "verbose_name", name)))
            problems += [f"{label}: {sentence}" for sentence in sentences]
    if line.password:
        try:
            validate_password(line.password, user)
        except ValidationError as error:
            problems += error.messages
    return problems


@transaction.atomic
def make(lines: Iterable[Line]) -> list[User]:
    """Make accounts of these lines, all or none. Without a password nobody can sign in until one is set. Raises
    IntegrityError when somebody took a name meanwhile."""
    made = []
    for line in lines:
        user = line.user()
        if line.password:
            user.set_password(line.password)
        else:
            user.set_unusable_password()
        user.save(force_insert=True)
        made.append(user)
    return made
