"""Organisations: the CPPCC that hosts matters, its committees, and every unit that may be asked or assigned."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from members.querysets import OrganisationQuerySet
from members.states import OrganisationKind


class Organisation(models.Model):
    """A unit known to one host. The host itself (县政协, 市政协) is its own host."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="known_organisations")
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=30, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    region_code = RegionCodeField()
    phone = models.CharField(max_length=30, blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="org_name_once_per_host"),
            models.UniqueConstraint(fields=["region_code"], condition=Q(kind="cppcc"), name="one_cppcc_per_division"),
            models.CheckConstraint(name="org_kind_known", condition=Q(kind__in=OrganisationKind.values)),
            models.CheckConstraint(
                name="org_host_is_self_iff_cppcc",
                condition=Q(kind="cppcc", host__isnull=True)
                | Q(kind="cppcc", host=F("id"))
                | (~Q(kind="cppcc") & Q(host__isnull=False) & ~Q(host=F("id"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:organisation", args=[self.uuid])

    @property
    def is_host(self) -> bool:
        return self.kind == OrganisationKind.CPPCC
