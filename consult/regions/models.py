"""The national table of divisions, and which edition of it was loaded."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Left
from django.utils.translation import gettext_lazy as _

from consult.regions.fields import DivisionCodeField
from consult.regions.querysets import DivisionQuerySet

_ENDS_IN_VILLAGE = ~Q(code__endswith="000")
_ENDS_IN_TOWNSHIP = Q(code__endswith="000") & ~Q(code__endswith="000000")
_ENDS_IN_COUNTY = Q(code__endswith="000000") & ~Q(code__endswith="00000000")
_ENDS_IN_PREFECTURE = Q(code__endswith="00000000") & ~Q(code__endswith="0000000000")
# The parent is a proper prefix, so no division hangs under a stranger and none under itself, by whatever detour.
_HANGS_RIGHT = Q(level=1, parent_code__isnull=True) | (
    Q(
        level__gt=1,
        parent_code__isnull=False,
        parent_code__in=[Concat(Left("code", end), Value("0" * (12 - end))) for end in (2, 4, 6, 9)],
    )
    & ~Q(parent_code=F("code"))
)


class Level(models.IntegerChoices):
    PROVINCE = 1, _("Province")
    PREFECTURE = 2, _("Prefecture")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township")
    VILLAGE = 5, _("Village or community")


class Region(models.Model):
    """One division. Never deleted: an abolished one has ``valid_to`` and, where known, a successor."""

    code = DivisionCodeField(_("Code"), primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    level = models.PositiveSmallIntegerField(_("Level"), choices=Level.choices)
    parent_code = DivisionCodeField(_("Belongs to"), null=True, blank=True)
    path = models.CharField(_("Path"), max_length=300)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Abolished on"), null=True, blank=True)
    successor = DivisionCodeField(_("Successor"), blank=True, default="")

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Division")
        verbose_name_plural = _("Divisions")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["parent_code", "code"], name="region_by_parent"),
            models.Index(fields=["level", "code"], name="region_by_level"),
        ]
        constraints = [
            models.CheckConstraint(name="region_code_twelve_digits", condition=Q(code__regex=r"^[1-9][0-9]{11}$")),
            models.CheckConstraint(
                name="region_level_as_in_code",
                condition=(_ENDS_IN_VILLAGE & Q(level=5))
                | (_ENDS_IN_TOWNSHIP & Q(level=4))
                | (_ENDS_IN_COUNTY & Q(level=3))
                | (_ENDS_IN_PREFECTURE & Q(level=2))
                | Q(code__endswith="0000000000", level=1),
            ),
            models.CheckConstraint(name="region_parent_by_prefix", condition=_HANGS_RIGHT),
            models.CheckConstraint(
                name="region_valid_in_order",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
            ),
            models.CheckConstraint(
                name="region_succeeded_by_another",
                condition=Q(successor="") | (Q(valid_to__isnull=False) & ~Q(successor=F("code"))),
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Edition(models.Model):
    """One loading of the national table; the newest tells whether a file is already in."""

    fingerprint = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Edition of the division table")
        verbose_name_plural = _("Editions of the division table")

    def __str__(self) -> str:
        return self.fingerprint[:12]
