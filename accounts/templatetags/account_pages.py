"""What the templates of the account pages need."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField, hint: str = "", **attrs: Any) -> SafeString:
    """The input of a form's field in our look; no placeholder, because there is a label. `hint`: whether a line under it says
    what is wanted. The first field with an error gets the focus."""
    field.field.widget.attrs.pop("placeholder", None)
    wrong = next((each.name for each in field.form.visible_fields() if each.errors), None)
    if wrong is not None:
        field.field.widget.attrs.pop("autofocus", None)
        if field.name == wrong:
            attrs["autofocus"] = True
    if hint and not field.errors:
        attrs["aria-describedby"] = f"{field.auto_id}_hint"
    kind = getattr(field.field.widget, "input_type", "")
    style = {} if kind in ("checkbox", "hidden") else {"class": "input"}
    return field.as_widget(attrs={**style, **attrs})
