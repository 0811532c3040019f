"""The vocabulary of people: roles, kinds of organisation. No moves: a mandate begins and ends by date."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The roles of PROCEDURE «Who»; a mandate is role × organisation × division × dates."""

    OFFICE = "office", _("CPPCC office")
    APPROVER = "approver", _("Approving leader")
    CONVENOR = "convenor", _("Convenor")
    GROUP_LEADER = "group_leader", _("Leader of a member group")
    MEMBER = "member", _("Committee member")
    VILLAGE_LIAISON = "village_liaison", _("Village liaison")
    LIAISON = "liaison", _("Liaison of a handling unit")
    UNIT_CHIEF = "unit_chief", _("Head of a handling unit")
    SUPERVISION_OFFICE = "supervision_office", _("Supervision office")
    SUPERVISOR = "supervisor", _("Supervising CPPCC")
    REGISTRAR = "registrar", _("Registrar")


class OrganisationKind(TextChoices):
    CPPCC = "cppcc", _("CPPCC")
    COMMITTEE = "committee", _("Special committee")
    PARTY = "party", _("Party committee")
    GOVERNMENT = "government", _("Government")
    DEPARTMENT = "department", _("Department")
    TOWNSHIP = "township", _("Township or subdistrict")
    VILLAGE = "village", _("Village or community")
    ENTERPRISE = "enterprise", _("Enterprise")
    SCHOOL = "school", _("School")
    OTHER = "other", _("Other organisation")


class Gender(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
