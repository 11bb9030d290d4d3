"""Where settings come from, and how a text is tidied before it is read."""

from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from bot.env_file import read_env_file

# What copying brings along: blanks, marks of direction, a byte order mark.
_AROUND: Final = " \t\r\n\u00a0\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"


class FileSource(PydanticBaseSettingsSource):
    """The settings of `.env`, as text."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # `__call__` asks for no field by itself

    def __call__(self) -> dict[str, Any]:
        known = self.settings_cls.model_fields
        values = read_env_file().values
        return {name.lower(): text for name, text in values.items() if name.lower() in known}


def tidy(value: Any, field: FieldInfo | None) -> Any:
    """A text without blanks and marks of direction around it; a choice as it is declared."""
    if not isinstance(value, str) or field is None:
        return value
    text = value.strip(_AROUND)
    if not text and NoneType in get_args(field.annotation):
        return None
    if get_origin(field.annotation) is Literal:
        return {word.casefold(): word for word in get_args(field.annotation)}.get(
            text.casefold(), text
        )
    return text
