"""The column that holds a division: text of twelve digits, collated C so that a plain index serves prefixes."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.regions.codes import LENGTH
from consult.regions.validators import validate_in_force, validate_level, validate_region_code


class DivisionCodeField(models.CharField):
    """Twelve digits; whether such a division exists is not asked."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_length", LENGTH)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        # The long name: for "varchar…" Django adds a second, LIKE-only index, which the C collation makes needless.
        return f"character varying({self.max_length})"


class RegionCodeField(DivisionCodeField):
    """A division of the national table; ``levels`` narrows it, say to (4, 5) for townships and villages.

    An abolished division is refused for a new row and kept on an old one, whose history it is.
    """

    description = _("Administrative division")
    default_validators = [validate_region_code]

    def __init__(self, *args: Any, levels: Sequence[int] = (), **kwargs: Any):
        if not args:
            kwargs.setdefault("verbose_name", _("Division"))
        self.levels = tuple(levels)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value in self.empty_values:
            return
        if self.levels:
            validate_level(value, self.levels)
        if model_instance is not None and model_instance._state.adding:
            validate_in_force(value)
