"""The page of the admin that imports people: a file, a look at what it says line by line, and then the deed."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts import importing
from accounts.importing import Line, Unreadable
from accounts.models import User
from audit import log

log.NAMES.setdefault("import", _("Imported"))


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, at most 200 kB and 1,000 people, 200 of them with a password. The first line names the columns."),
    )

    def clean_file(self) -> str:
        """Its text, however it ends up being used. Nothing is kept of the file."""
        found = self.cleaned_data["file"]
        if found.size > importing.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %d kB. Split it.") % (importing.MAX_BYTES // 1000))
        try:
            return importing.decode(found.read())
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


def import_people(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Ask for a file; show what it says; on the confirmed second look make accounts of the lines that are right.

    Between the two steps the text travels with the page: the server keeps nothing, passwords least of all."""
    if not (request.user.has_perm("accounts.add_user") and model_admin.has_view_or_change_permission(request)):
        raise PermissionDenied
    form = UploadForm()
    context: dict[str, Any] = {"form": form, "columns": importing.COLUMNS}
    if request.method == "POST":
        try:
            if "confirmed" in request.POST:
                context |= _make(request, request.POST.get("csv", ""))
            else:
                context["form"] = form = UploadForm(request.POST, request.FILES)
                if form.is_valid():
                    context |= _look(form.cleaned_data["file"])
        except Unreadable as error:
            context["problem"] = str(error)
    context |= {**model_admin.admin_site.each_context(request), "title": _("Import people"), "opts": model_admin.opts}
    return TemplateResponse(request, "admin/accounts/user/import.html", context)


def _look(text: str) -> dict[str, Any]:
    lines = importing.read(text)
    return {"lines": lines, "good": [line for line in lines if not line.problems], "csv": text}


def _make(request: HttpRequest, text: str) -> dict[str, Any]:
    """Read it again: names may have been taken since, and the page is not believed."""
    importing.decode(text.encode(errors="replace"))
    found = _look(text)
    good: list[Line] = found["good"]
    if not good:
        return found
    try:
        with transaction.atomic():
            made = importing.make(good)
            _record(request, made)
    except IntegrityError:
        return {**_look(text), "problem": _("Somebody took one of these names just now. Look again.")}
    return {"made": made, "left_out": [line for line in found["lines"] if line.problems]}


def _record(request: HttpRequest, made: list[User]) -> None:
    log.record_in(request, "import", detail={"people": len(made)})
    for user in made:
        log.record_in(request, "add", user, detail={"by": "import"})
