"""Serializer fields that take JSON's types at their word, as the socket does: 5 is no string and "5" is no number. (REST
framework's own convert, which would make the message id 5 out of a 5.) For bodies; a query's values are all strings."""

from typing import Any

from rest_framework import serializers


class _AtItsWord(serializers.Field):  # type: ignore[type-arg]
    """A field whose value must have the JSON type `json`. A truth value is no integer."""

    json: type

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is not self.json:
            self.fail("invalid", value=data, input=data)
        return super().to_internal_value(data)


class Whole(_AtItsWord, serializers.IntegerField):
    """An integer; neither text nor a fraction nor a truth value."""

    json = int


class Text(_AtItsWord, serializers.CharField):
    """Text; U+0000 and lone surrogates are refused by REST framework itself."""

    json = str


class Uuid(_AtItsWord, serializers.UUIDField):
    """A UUID written as a string."""

    json = str


class Truth(_AtItsWord, serializers.BooleanField):
    """true or false."""

    json = bool
