"""Importing people: a file, a look at what it says, and then the deed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from accounts import importing
from accounts.models import User
from audit.models import AuditEvent
from tests.support.people import Cast

PATH = "/admin/accounts/user/import/"


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    User.objects.filter(pk=cast.alice.id).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=cast.alice.id))
    return client


def upload(client: Client, data: bytes | str) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    return client.post(PATH, {"file": SimpleUploadedFile("people.csv", raw)})


def test_a_file_is_shown_first_and_imported_when_confirmed(admin: Client, cast: Cast) -> None:
    text = (
        "\ufeffUsername;Display name;E-mail;Password\n"
        "imp-dora;Dora;dora@example.org;\n"
        f"{cast.bob.user.username.upper()};;;\n"
        "imp-林;林雨晴;; correct horse staple \n"
        "imp-DORA;;;\n"
        "no spaces please;;not-an-address;12345678\n"
    )
    page = upload(admin, text)
    shown = page.content.decode()
    assert "2 people can be imported." in shown
    assert "This username is taken." in shown
    assert "Line 2 has this username already." in shown
    assert "not-an-address" in shown
    assert "correct horse" not in shown.split("<form", 2)[0]  # it travels in the form, nobody reads it over a shoulder
    assert not User.objects.filter(username__startswith="imp-").exists()
    report = admin.post(PATH, {"confirmed": "1", "csv": page.context["csv"].replace("\n", "\r\n")}).content.decode()
    assert "2 people imported." in report
    assert "Line 6, no spaces please" in report
    dora, lin = User.objects.get(username="imp-dora"), User.objects.get(username="imp-林")
    assert (dora.display_name, dora.email, dora.has_usable_password(), dora.is_staff) == (
        "Dora",
        "dora@example.org",
        False,
        False,
    )
    assert lin.check_password(" correct horse staple ")
    told = AuditEvent.objects.filter(actor_id=cast.alice.id)
    assert told.get(action="import").detail == {"people": 2}
    assert told.filter(action="add", target_id=str(dora.pk)).exists()
    assert "horse" not in "".join(str(event.detail) for event in told)
    assert "0 people can be imported." in admin.post(PATH, {"confirmed": "1", "csv": page.context["csv"]}).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"username\n\xff\xfe", "not UTF-8"),
        (b"username\n\x00", "not a CSV file"),
        (b"name,password\nx,y\n", "is not among them"),
        (b"username,role\nx,admin\n", "what these columns mean: role"),
        (b"username,Username\nx,y\n", "same name"),
        (b'username,email\n"x,y\n', "is not CSV"),
        (b"username\n", "names nobody"),
        (b" ", "names nobody"),
        (b"", "empty"),
        (b"username\n" + b"x" * importing.MAX_BYTES, "larger than 200 kB"),
        ("username\n" + "\n".join(f"imp{n}" for n in range(1001)), "more than 1000 people"),
        ("username,password\n" + "\n".join(f"imp{n},secret" for n in range(201)), "more than 200 passwords"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(admin: Client, data: bytes | str, said: str) -> None:
    answer = upload(admin, data)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_what_comes_with_the_confirmation_is_not_believed(admin: Client) -> None:
    people = User.objects.count()
    for text in ("", "username\n\0", "x" * (importing.MAX_BYTES + 1), "username,is_superuser\nimp-eve,1\n"):
        assert 'role="alert"' in admin.post(PATH, {"confirmed": "1", "csv": text}).content.decode()
    long = "username,password\nimp-eve" + "x" * 200 + ",\n"
    assert "0 people can be imported." in upload(admin, long).content.decode()
    assert User.objects.count() == people


def test_a_name_is_taken_whatever_its_letters(admin: Client) -> None:
    for name in ("imp-ÄNNE", "imp-änne"):
        User.objects.filter(username__startswith="imp-").delete()
        User.objects.create(username=name)
        assert "This username is taken." in upload(admin, f"username\n{name}\n").content.decode()


def test_a_name_taken_in_between_imports_nobody(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(lines: Any) -> Any:
        raise IntegrityError("user_name_any_case")

    monkeypatch.setattr(importing, "make", taken)
    answer = admin.post(PATH, {"confirmed": "1", "csv": "username\nimp-dora\n"}).content.decode()
    assert "Somebody took one of these names just now." in answer
    assert not AuditEvent.objects.filter(action="import").exists()
