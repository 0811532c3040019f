"""Form fields that take what people really type, and say in one sentence what is wrong."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consult.text import Refused, clean_line, clean_phone, clean_text
from consult.web.widgets import DayInput, MomentInput

FIRST_YEAR, LAST_YEAR = 1949, 2099
_DATE = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?")
_TIME = re.compile(r"[T\s]*(\d{1,2})[::时](\d{1,2})分?(?::\d{1,2}(?:\.\d+)?)?")
WAN = Decimal(10000)


def refuse(error: Refused) -> ValidationError:
    """A refusal of the text rules as a message at the field."""
    return ValidationError(gettext(error.msgid), code=error.code, params=error.params)


class CleanCharField(forms.CharField):
    """One line, normalised; characters that cannot be kept are refused by name, nothing is cut off."""

    def __init__(self, **kwargs: Any) -> None:
        self.limit = kwargs.pop("max_length", 200)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("maxlength", str(self.limit))

    def _tidy(self, value: str) -> str:
        return clean_line(value, limit=self.limit)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return self.empty_value
        try:
            return self._tidy(str(value)) or self.empty_value
        except Refused as error:
            raise refuse(error) from None


class CleanTextField(CleanCharField):
    """Several lines, with a counter."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        rows = kwargs.pop("rows", 4)
        kwargs.setdefault("max_length", 3000)
        super().__init__(**kwargs)
        # The counter tells the limit; a browser that stops typing at it would lose the end of what is pasted.
        del self.widget.attrs["maxlength"]
        self.widget.attrs.update({"rows": rows, "data-limit": self.limit})

    def _tidy(self, value: str) -> str:
        return clean_text(value, limit=self.limit)


class ReasonField(CleanTextField):
    """Why: what the other side will read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Reason"),
                "max_length": 500,
                "rows": 3,
                "help_text": _("The other side reads this sentence."),
                "error_messages": {"required": _("Please write the reason")},
                **kwargs,
            }
        )


class PhoneField(forms.CharField):
    """A number of the mainland."""

    def __init__(self, *, landline: bool = True, service: bool = False, **kwargs: Any) -> None:
        self.landline, self.service = landline, service
        super().__init__(**{"label": _("Telephone"), **kwargs})
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": "off", "maxlength": "30"})

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        try:
            return clean_phone(value, landline=self.landline, service=self.service)
        except Refused as error:
            raise refuse(error) from None


class MoneyField(forms.CharField):
    """An amount written in ten thousand yuan (万元), kept in yuan."""

    def __init__(self, *, most: Decimal = Decimal("999999999999.99"), **kwargs: Any) -> None:
        self.most = most
        super().__init__(**{"help_text": _("In ten thousand yuan, for example 12.5"), **kwargs})
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "data-unit": gettext("10,000 yuan")})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        text = (
            unicodedata.normalize("NFKC", super().to_python(value) or "").replace(",", "").removesuffix("万元").strip()
        )
        if not text:
            return None
        try:
            amount = Decimal(text) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,10})?", text) else None
        except InvalidOperation:
            amount = None
        if amount is None:
            raise ValidationError(_("Please write the amount in digits, for example 12.5"), code="money")
        if amount < 0:
            raise ValidationError(_("The amount cannot be below zero"), code="money")
        yuan = amount * WAN
        if yuan != yuan.quantize(Decimal("0.01")):
            raise ValidationError(_("Please write the amount to the fen at most: six places behind the point"))
        if yuan > self.most:
            raise ValidationError(_("The amount is too large. Please check the unit: it is 10,000 yuan"), code="money")
        return yuan.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{(value / WAN).normalize():f}"
        return value


class DayField(forms.Field):
    """A date to the day; ``earliest``/``latest`` are dates or callables; business dates use ``past=True``."""

    widget = DayInput

    def __init__(self, *, past: bool = False, earliest: Any = None, latest: Any = None, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, timezone.localdate if past and latest is None else latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
        if isinstance(value, datetime.date):
            return value
        return parse_day(str(value))

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        earliest, latest = _now(self.earliest), _now(self.latest)
        if earliest and value < earliest:
            raise ValidationError(
                _("The date must not be before %(day)s"), code="too_early", params={"day": f"{earliest:%Y-%m-%d}"}
            )
        if latest and value > latest:
            raise ValidationError(
                _("The date must not be after %(day)s"), code="too_late", params={"day": f"{latest:%Y-%m-%d}"}
            )


class MomentField(forms.Field):
    """A date with its time of day, in the time of Beijing; ``past=True`` refuses the future."""

    widget = MomentInput

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return value if timezone.is_aware(value) else timezone.make_aware(value)
        text = unicodedata.normalize("NFKC", str(value)).strip()
        found = _DATE.match(text)
        clock = _TIME.fullmatch(text[found.end() :].strip()) if found else None
        if not found or not clock:
            raise ValidationError(_("Write date and time, for example 2026-12-20 14:30"), code="moment")
        hour, minute = int(clock[1]), int(clock[2])
        if hour > 23 or minute > 59:
            raise ValidationError(_("The time runs from 00:00 to 23:59"), code="moment")
        return timezone.make_aware(datetime.datetime.combine(parse_day(found[0]), datetime.time(hour, minute)))

    def validate(self, value: datetime.datetime | None) -> None:
        super().validate(value)
        if value is not None and self.past and value > timezone.now():
            raise ValidationError(_("This cannot lie in the future"), code="too_late")


def parse_day(text: str) -> datetime.date:
    """2026-12-20, 2026/12/20, 2026年12月20日 or 20261220; anything else is told how to write it."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if not found:
        raise ValidationError(_("Write the date to the day, for example 2026-12-20"), code="day")
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(
            _("The year lies between %(first)s and %(last)s. Please check it"),
            code="day",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValidationError(
            _("There is no %(year)s-%(month)s-%(day)s. Please check month and day"),
            code="day",
            params={"year": year, "month": f"{month:02}", "day": f"{day:02}"},
        ) from None


def _now(bound: datetime.date | Callable[[], datetime.date] | None) -> datetime.date | None:
    return bound() if callable(bound) else bound


class LinesField(CleanTextField):
    """A list, one entry a line."""

    def __init__(self, *, each: int = 200, most: int = 50, **kwargs: Any) -> None:
        self.each, self.most = each, most
        super().__init__(**{"max_length": each * most, "help_text": _("One a line"), **kwargs})
        del self.widget.attrs["data-limit"]  # each line has its own

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        found = [line.strip() for line in super().to_python(value).split("\n") if line.strip()]
        if len(found) > self.most:
            raise ValidationError(_("At most %(most)s lines fit here"), code="too_many", params={"most": self.most})
        for number, line in enumerate(found, 1):
            if len(line) > self.each:
                raise ValidationError(
                    _("Line %(number)s has %(length)s characters, at most %(limit)s fit"),
                    code="too_long",
                    params={"number": number, "length": len(line), "limit": self.each},
                )
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
