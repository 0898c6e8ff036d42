"""What several admins share: rows that are shown there, and made and changed elsewhere."""

from typing import Any

from django.http import HttpRequest

from audit.acts import Acting


class Looking(Acting):
    """Shows rows; what can be done to them are its acts."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
