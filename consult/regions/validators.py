"""What can be wrong with a division code, each with the sentence that helps."""

from collections.abc import Sequence

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.regions.codes import LENGTH


def validate_region_code(code: str) -> None:
    """The code is written in full and stands in the table."""
    if not (code.isascii() and code.isdigit()):
        raise ValidationError(_("A division code consists of 12 digits and nothing else."), code="region_format")
    if len(code) != LENGTH:
        text = _("This division code has %(count)d digits; write all 12, filled up with zeros: %(example)s.")
        example = code.ljust(LENGTH, "0") if len(code) in (2, 4, 6, 9) else "530900000000"
        raise ValidationError(text, code="region_length", params={"count": len(code), "example": example})
    if not _divisions().filter(code=code).exists():
        text = _("There is no division with the code %(code)s. Choose it from the list.")
        raise ValidationError(text, code="region_unknown", params={"code": code})


def validate_level(code: str, levels: Sequence[int]) -> None:
    """The division is of one of the wanted levels."""
    region = _divisions().filter(code=code).only("level", "path").first()
    if region and region.level not in levels:
        wanted = _(" or ").join(str(level_name(level)) for level in sorted(levels))
        text = _("%(place)s is a %(level)s; a %(wanted)s is needed here.")
        params = {"place": region.path, "level": level_name(region.level), "wanted": wanted}
        raise ValidationError(text, code="region_level", params=params)


def validate_in_force(code: str) -> None:
    """The division has not been abolished; if it has, name its successor."""
    region = _divisions().filter(code=code, valid_to__lte=timezone.localdate()).first()
    if region is None:
        return
    successor = _divisions().filter(code=region.successor).first() if region.successor else None
    params = {"place": region.path, "year": region.valid_to.year}
    if successor is None:
        raise ValidationError(_("%(place)s was abolished in %(year)d."), code="region_abolished", params=params)
    text = _("%(place)s was abolished in %(year)d and became part of %(successor)s (%(code)s); choose that one.")
    params |= {"successor": successor.path, "code": successor.code}
    raise ValidationError(text, code="region_abolished", params=params)


def level_name(level: int) -> str:
    """The word for a level."""
    names = [_("province"), _("prefecture"), _("county"), _("township"), _("village or community")]
    return names[level - 1]


def _divisions():
    return apps.get_model("regions", "Region").objects
