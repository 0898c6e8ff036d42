"""Path converters."""

from django.urls import register_converter


class IdConverter:
    """A positive id that fits the database's 64-bit columns; anything larger is no address at all."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 0 < number < 2**63:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(IdConverter, "id")
