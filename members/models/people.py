"""Committee members, their groups, and the convenors of the townships."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from members.querysets import HostedQuerySet, TermQuerySet
from members.states import Gender


class Member(models.Model):
    """政协委员: sector, term, posts. Belief, identity number and the like are never asked."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="members")
    account = models.OneToOneField(
        "members.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="member"
    )
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=200, db_index=True, help_text="Pinyin sort key, kept by the service.")
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True, default="")
    sector = models.CharField(max_length=40)
    term = models.CharField(max_length=40)
    is_standing = models.BooleanField(default=False)
    workplace = models.CharField(max_length=100, blank=True, default="")
    employer = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="employed_members"
    )
    phone = models.CharField(max_length=20, blank=True, default="")
    region_code = RegionCodeField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["host", "name_key", "id"], name="member_by_host_name")]

    def get_absolute_url(self) -> str:
        return reverse("members:member", args=[self.uuid])

    def __str__(self) -> str:
        return self.name


class MemberPost(models.Model):
    """A post that a member holds for a while: 主席, 副主席, 委室主任, 组长."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="posts")
    title = models.CharField(max_length=60)
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-since", "pk"]

    def __str__(self) -> str:
        return self.title


class MemberGroup(models.Model):
    """委员小组: members grouped by place or sector, working with the convenor of a township."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="member_groups")
    name = models.CharField(max_length=80)
    region_code = RegionCodeField()
    members = models.ManyToManyField(Member, through="GroupMembership", related_name="groups")
    founded_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = HostedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["host", "name"], name="group_name_once_per_host")]

    def get_absolute_url(self) -> str:
        return reverse("members:group", args=[self.uuid])

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    """委员分布动态管理: who belonged to which group, and led it, from when to when."""

    group = models.ForeignKey(MemberGroup, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    is_leader = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-is_leader", "since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], condition=Q(until__isnull=True), name="in_group_once"),
            models.UniqueConstraint(
                fields=["group"], condition=Q(until__isnull=True, is_leader=True), name="one_leader_per_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.member}"


class Convenor(models.Model):
    """召集人: the roster per township with Party post, rank and term. A role on a person, not an institution."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="convenors")
    account = models.ForeignKey(
        "members.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="convenorships"
    )
    name = models.CharField(max_length=60)
    region_code = RegionCodeField(help_text="The township or subdistrict.")
    party_post = models.CharField(max_length=60, blank=True, default="")
    rank = models.CharField(max_length=40, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["region_code", "-since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "region_code"], condition=Q(until__isnull=True), name="one_convenor_per_township"
            ),
            models.CheckConstraint(
                name="convenor_term_forward", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("members:convenor", args=[self.uuid])

    def __str__(self) -> str:
        return self.name
