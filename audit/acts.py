"""Acts of the admin: asked about on a page of their own, with a reason where they hurt somebody, and recorded.

An act appears twice: in the menu over a list, for many rows, and as a button on the page of one. Both lead to the same page
and the same function. A model's admin names its acts in `acts`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import log
from realtime.errors import Refused

MOST = 200  # rows that one act may take
NAMED = 5  # of them that the answer names


def _fits(request: HttpRequest, row: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Act:
    """`label` says the deed, `done` what has been done, `question` what it will mean. `perform(request, row, reason)` returns
    False when there was nothing to do; it runs in a transaction together with the record of it, unless it `records` itself.
    `fits(request, row)`: whether this person may do it to this row, and it makes sense there."""

    name: str
    label: Any
    done: Any
    question: Any
    permission: str
    perform: Callable[[HttpRequest, Any, str], bool]
    fits: Callable[[HttpRequest, Any], bool] = _fits
    needs_reason: bool = False
    is_harsh: bool = False
    records: bool = False

    def __post_init__(self) -> None:
        log.NAMES.setdefault(self.name, self.done)


class Audited(admin.ModelAdmin):
    """Writes what is added, changed and deleted into the audit log too. The admin's site makes every admin one."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        log.record_in(request, "add", obj, detail=_told(message))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        log.record_in(request, "change", obj, detail=_told(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            log.record_in(request, "delete", obj)
        return super().log_deletions(request, queryset)


def _told(message: Any) -> dict[str, Any]:
    """Which fields, never their values. Lazy words become text."""
    return {"message": json.loads(json.dumps(message, default=str))} if message else {}


class Acting(Audited):
    """A model's admin with acts."""

    acts: tuple[Act, ...] = ()
    change_form_template = "admin/acts/change_form.html"

    def open_acts(self, request: HttpRequest) -> list[Act]:
        """The acts that this person may do."""
        return [act for act in self.acts if request.user.has_perm(act.permission)]

    # ---- ways in ------------------------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        for act in self.open_acts(request):
            actions[act.name] = (self._of_list(act), act.name, act.label)
        return actions

    def _of_list(self, act: Act) -> Callable[..., HttpResponse | None]:
        def chosen(_: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
            return self._ask(request, act, queryset, back=request.get_full_path())

        return chosen

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.act_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<path:object_id>/act/<slug:name>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """The page of an act on one row."""
        act = next((act for act in self.acts if act.name == name), None)
        if act is None:
            raise Http404
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, row) or act not in self.open_acts(request):
            raise PermissionDenied
        if row is None:
            raise Http404
        here = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        asked = self._ask(request, act, [row], back=reverse(f"{here}_change", args=[object_id]))
        if asked is not None:
            return asked
        is_gone = self.get_object(request, unquote(object_id)) is None
        return HttpResponseRedirect(reverse(f"{here}_changelist") if is_gone else reverse(f"{here}_change", args=[object_id]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        if row is not None:
            context["acts"] = [act for act in self.open_acts(request) if act.fits(request, row)]
            context["audit_events"] = request.user.has_perm("audit.view_auditevent")
        return super().render_change_form(request, context, *args, **kwargs)

    # ---- asking and doing ---------------------------------------------------------------------------------------------

    def _ask(self, request: HttpRequest, act: Act, rows: Any, *, back: str) -> HttpResponse | None:
        """The page that asks; None when it has been answered, and the act is done."""
        if len(chosen := list(rows[: MOST + 1])) > MOST:
            self.message_user(request, _("At most %d at once.") % MOST, messages.ERROR)
            return None
        fitting = [row for row in chosen if act.fits(request, row)]
        reason = request.POST.get("reason", "").strip()
        problem = ""
        if request.method == "POST" and "confirmed" in request.POST:
            problem = _problem(act, reason)
            if not problem:
                self._do(request, act, fitting, reason)
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": act.label, "act": act, "opts": self.opts, "rows": fitting, "back": back, "reason": reason,
            "left_out": [row for row in chosen if row not in fitting], "problem": problem, "max_reason": log.MAX_REASON,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME), "across": request.POST.get("select_across", "0"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/acts/ask.html", context)

    def _do(self, request: HttpRequest, act: Act, rows: list[Any], reason: str) -> None:
        done: list[str] = []
        idle: list[str] = []
        for row in rows:
            name = str(row)
            try:
                (done if self._one(request, act, row, reason) else idle).append(name)
            except Refused as refused:
                self.message_user(request, f"{name}: {refused.message}", messages.ERROR)
        if done:
            self.message_user(request, f"{act.done}: {_names(done)}", messages.SUCCESS)
        if idle:
            self.message_user(request, _("Nothing to do for: %s") % _names(idle), messages.WARNING)

    def _one(self, request: HttpRequest, act: Act, row: Any, reason: str) -> bool:
        if act.records:
            done = act.perform(request, row, reason)
        else:
            with transaction.atomic():
                about = log.about(row)  # before: the act may take the row away
                done = act.perform(request, row, reason)
                if done:
                    log.record(action=act.name, reason=reason, **log.author(request), **about)
        if done and row.pk is not None:
            admin.ModelAdmin.log_change(self, request, row, f"{act.done}. {reason}".strip())
        return done


def _problem(act: Act, reason: str) -> str:
    if act.needs_reason and not reason:
        return _("Say why. The reason stands in the audit log.")
    if "\0" in reason:
        return _("This is not text.")
    if len(reason) > log.MAX_REASON:
        return _("At most %d characters.") % log.MAX_REASON
    return ""


def _names(names: list[str]) -> str:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return shown if more <= 0 else ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": shown, "count": more
    }  # fmt: skip
