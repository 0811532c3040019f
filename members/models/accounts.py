"""Accounts and the mandates under which they act."""

from __future__ import annotations

import uuid

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult.regions.codes import prefix_of
from consult.regions.fields import RegionCodeField
from members.querysets import MandateQuerySet
from members.states import Role

SYSTEM_USERNAME = "system"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)

    def system(self) -> Account:
        """The account by which unattended moves are made, so that the audit has a name."""
        account, _created = self.get_or_create(
            username=SYSTEM_USERNAME, defaults={"display_name": "系统", "is_system": True, "password": "!"}
        )
        return account


class Account(AbstractBaseUser):
    """Somebody who signs in. What he may do comes from mandates alone; there is no superuser."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("Account name"), max_length=50, unique=True)
    display_name = models.CharField(_("Name shown"), max_length=60)
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = models.CharField(_("Telephone"), max_length=20, blank=True, default="")
    home = models.ForeignKey(
        "members.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts_kept",
        help_text="The CPPCC whose registrar keeps this account.",
    )
    employer = models.ForeignKey(
        "members.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="employees",
        help_text="Declared interest: nobody verifies what his own employer handled.",
    )
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=True)
    failed_attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: AccountManager = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="one_system_account")
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("members:account", args=[self.uuid])

    def get_short_name(self) -> str:
        return self.display_name

    def has_perm(self, perm: str, obj=None) -> bool:
        """One answer for pages, API and services: rules.py of the app, four eyes included."""
        if not self.is_active:
            return False
        return self.is_system or rules.has_perm(perm, self, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_system

    def mandates_now(self) -> list[Mandate]:
        """Mandates in force today, read once per request (the instance is the request's own)."""
        if "_mandates" not in self.__dict__:
            self.__dict__["_mandates"] = list(
                self.mandates.in_force().select_related("organisation", "host").order_by("pk")
                if self.pk and self.is_active
                else []
            )
        return self.__dict__["_mandates"]

    def forget_mandates(self) -> None:
        """Drop the cache after a mandate was granted or ended on this instance."""
        self.__dict__.pop("_mandates", None)

    def mandate_for(
        self, *roles: str, host_id: int | None = None, code: str | None = None, organisation_ids: set[int] | None = None
    ) -> Mandate | None:
        """The first mandate of one of the roles (none named: any) that covers host, division and organisation."""
        for mandate in self.mandates_now():
            if roles and mandate.role not in roles:
                continue
            if host_id is not None and mandate.host_id != host_id:
                continue
            if code is not None and not mandate.covers(code):
                continue
            if organisation_ids is not None and mandate.organisation_id not in organisation_ids:
                continue
            return mandate
        return None

    def prefixes(self, *roles: str) -> list[str]:
        """Division prefixes of the mandates of these roles."""
        return [prefix_of(mandate.region_code) for mandate in self.mandates_now() if mandate.role in roles]

    def host_ids(self, *roles: str) -> list[int]:
        """CPPCCs (organisation keys) under which the account holds one of the roles."""
        return [mandate.host_id for mandate in self.mandates_now() if not roles or mandate.role in roles]

    def scopes(self, *roles: str) -> list[tuple[int, str]]:
        """(host key, division prefix) of each mandate of these roles: the unit of sight and of work."""
        return [(m.host_id, prefix_of(m.region_code)) for m in self.mandates_now() if m.role in roles]

    def unit_ids(self) -> list[int]:
        """Organisations for which the account is liaison or chief."""
        return [m.organisation_id for m in self.mandates_now() if m.role in (Role.LIAISON, Role.UNIT_CHIEF)]


class Mandate(models.Model):
    """Role × organisation × division × dates, held within the work of one CPPCC (``host``)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="mandates")
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="mandates_within")
    region_code = RegionCodeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="mandate_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="mandate_ends_after_start", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                fields=["account", "role", "organisation", "region_code"],
                condition=Q(valid_to__isnull=True),
                name="mandate_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"

    def covers(self, code: str) -> bool:
        return code.startswith(prefix_of(self.region_code))
