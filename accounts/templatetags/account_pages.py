"""What the templates of the account pages need."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """The input of a form's field in our look; no placeholder, because there is a label."""
    field.field.widget.attrs.pop("placeholder", None)
    kind = getattr(field.field.widget, "input_type", "")
    style = {} if kind in ("checkbox", "hidden") else {"class": "input"}
    return field.as_widget(attrs={**style, **attrs})
