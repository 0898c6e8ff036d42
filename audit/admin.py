"""The audit log in the admin: to be read, searched and filtered."""

import json
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.models import AuditEvent
from realtime.admin_times import shown
from realtime.clock import now_ms

DAY = 86_400_000  # milliseconds


class _ByAct(admin.SimpleListFilter):
    title = _("act")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(log.NAMES.items(), key=lambda item: str(item[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class _ByKind(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "target_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = [(model._meta.label_lower, capfirst(model._meta.verbose_name)) for model in model_admin.admin_site._registry]
        return sorted(kinds, key=lambda kind: str(kind[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(target_kind=self.value()) if self.value() else queryset


class _ByTime(admin.SimpleListFilter):
    title = _("time")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Last 24 hours")), ("7", _("Last 7 days")), ("30", _("Last 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        days = {"1": 1, "7": 7, "30": 30}.get(self.value() or "")
        return queryset.filter(at__gte=now_ms() - days * DAY) if days else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """Every act of an administrator. Nothing here can be changed; the database refuses it as well."""

    list_display = ("time", "actor", "named", "target", "kind", "reason")
    list_display_links = ("time", "named")
    list_filter = (_ByTime, _ByAct, _ByKind)
    search_fields = ("actor", "target", "=target_id", "reason", "address")
    search_help_text = _("By who, what or whom, id, reason or address.")
    fields = ("time", "actor", "actor_id", "named", "target", "kind", "target_id", "reason", "details", "address")
    readonly_fields = fields
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "target_id" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("time"), ordering="at")
    def time(self, event: AuditEvent) -> datetime | None:
        return shown(event.at)

    @admin.display(description=_("act"), ordering="action")
    def named(self, event: AuditEvent) -> str:
        return str(log.NAMES.get(event.action, event.action))

    @admin.display(description=_("kind"))
    def kind(self, event: AuditEvent) -> str:
        try:
            return capfirst(str(apps.get_model(event.target_kind)._meta.verbose_name))
        except (LookupError, ValueError):
            return event.target_kind

    @admin.display(description=_("detail"))
    def details(self, event: AuditEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.detail, ensure_ascii=False, indent=2)) if event.detail else "—"
