"""People in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts import profiles, second_factor, sessions
from accounts.admin.importing import import_people
from accounts.models import User
from audit.acts import Act, Acting

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


def may_touch(request: HttpRequest, person: User) -> bool:
    """Staff look after people; only superusers touch other staff, who may hold rights that they themselves lack."""
    return bool(request.user.is_superuser or person.pk == request.user.pk or not (person.is_staff or person.is_superuser))


def _other(request: HttpRequest, person: User) -> bool:
    return person.pk != request.user.pk and may_touch(request, person)


def _deactivate(request: HttpRequest, person: User, reason: str) -> bool:
    """A trigger of the database logs that the right has ended, and sockets close within two seconds."""
    return bool(User.objects.filter(pk=person.pk, is_active=True).update(is_active=False))


def _reactivate(request: HttpRequest, person: User, reason: str) -> bool:
    return bool(User.objects.filter(pk=person.pk, is_active=False).update(is_active=True))


def _sign_out(request: HttpRequest, person: User, reason: str) -> bool:
    sessions.end_all(user_id=person.pk)
    return True


DEACTIVATE = Act(
    name="deactivate",
    label=_("Deactivate"),
    done=_("Deactivated"),
    question=_("Signs these people out everywhere within two seconds and keeps them out until they are reactivated."),
    permission="accounts.change_user",
    perform=_deactivate,
    fits=lambda request, person: person.is_active and _other(request, person),
    needs_reason=True,
    is_harsh=True,
)
REACTIVATE = Act(
    name="reactivate",
    label=_("Reactivate"),
    done=_("Reactivated"),
    question=_("Lets these people sign in again. Nothing of theirs was lost."),
    permission="accounts.change_user",
    perform=_reactivate,
    fits=lambda request, person: not person.is_active and _other(request, person),
)
SIGN_OUT = Act(
    name="sign_out_everywhere",
    label=_("Sign out everywhere"),
    done=_("Signed out everywhere"),
    question=_("Ends every session, token and connection of these people within two seconds. They may sign in again."),
    permission="accounts.change_user",
    perform=_sign_out,
    fits=may_touch,
    needs_reason=True,
    is_harsh=True,
)


def _reset_second_factor(request: HttpRequest, person: User, reason: str) -> bool:
    """Only once they are signed out: who has their device must not keep what the lost factor protected."""
    if not second_factor.reset(person):
        return False
    sessions.end_all(user_id=person.pk)
    return True


RESET_SECOND_FACTOR = Act(
    name="reset_second_factor",
    label=_("Reset the second factor"),
    done=_("Second factor reset"),
    question=_("Takes every second factor from these people and signs them out everywhere. Be sure who is asking."),
    permission="accounts.change_user",
    perform=_reset_second_factor,
    fits=lambda request, person: _other(request, person) and second_factor.has(person),
    needs_reason=True,
    is_harsh=True,
)


@admin.register(User)
class UserAdmin(Acting, StockUserAdmin):
    """People. A deactivated account is cut off within two seconds, however it was deactivated."""

    list_display = ("username", "display_name", "email", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("username", "display_name", "email")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "status", "email")}),
        (_("Rights"), {"fields": ("is_active", *RIGHTS)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    # What else can be done to a person is one more act here: it gets its menu entry, button, page and record by that.
    acts = (DEACTIVATE, REACTIVATE, SIGN_OUT, RESET_SECOND_FACTOR)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(lambda request: import_people(self, request))
        return [path("import/", view, name="accounts_user_import"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"display_name", "status", "username"} & set(form.changed_data):
            profiles.tell(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whether somebody is active is an act with a reason. Rights are given by superusers, and by nobody to themselves."""
        fields = (*super().get_readonly_fields(request, obj), "is_active", "last_login", "date_joined")
        if not request.user.is_superuser:
            return (*fields, *RIGHTS)
        return (*fields, "is_staff", "is_superuser") if obj is not None and obj.pk == request.user.pk else fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_touch(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People who have talked are deactivated; the database keeps what they said. Others a superuser may delete."""
        return bool(request.user.is_superuser) and (obj is None or obj.pk != request.user.pk)
