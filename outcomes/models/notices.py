"""Public notices (张榜公示): two-person release of an immutable, masked snapshot of the whole chain."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from consult.regions.fields import RegionCodeField
from outcomes.querysets import NoticeQuerySet
from outcomes.states import NoticeKind, NoticeState, SecrecyConclusion


class PublicNotice(models.Model):
    """The board, feeds, search and public API read ``snapshot`` only, never the tables of the procedure."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="notices")
    region_code = RegionCodeField()
    topic = models.ForeignKey("topics.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    outcome = models.ForeignKey(
        "outcomes.Outcome", on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    session = models.ForeignKey(
        "consult_sessions.ConsultSession", on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=15, choices=NoticeKind.choices)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFTED)
    moved_on = models.DateField()
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=5000)
    summary = models.CharField(max_length=60, blank=True, default="", help_text="60 plain characters, read aloud.")
    places = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    days = models.PositiveSmallIntegerField(default=5, help_text="Working days posted.")
    phone = models.CharField(max_length=40, blank=True, default="", help_text="Where to call about it.")
    number = models.CharField(max_length=60, blank=True, default="")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_on = models.DateField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_on = models.DateField(null=True, blank=True)
    secrecy = models.CharField(max_length=10, choices=SecrecyConclusion.choices, blank=True, default="")
    secrecy_basis = models.CharField(max_length=200, blank=True, default="")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    posted_on = models.DateField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Of returning or taking down.")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    cites = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="cited_by")
    corrected_by_number = models.CharField(max_length=60, blank=True, default="", help_text="已更正，见…号")
    on_paper = models.BooleanField(default=False, help_text="Backfilled: released on paper on that date.")
    snapshot = models.JSONField(null=True, blank=True, help_text="The whole chain, masked; written once at posting.")
    sha256 = models.CharField(max_length=64, blank=True, default="", help_text="Of the canonical snapshot.")
    row_html = models.TextField(blank=True, default="", help_text="Its row on the board, rendered at posting.")
    is_sample = models.BooleanField(default=False)
    search = SearchVectorField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_on", "-pk"]
        indexes = [
            models.Index(
                fields=["host", "-posted_on", "-id"],
                condition=Q(state__in=["posted", "expired", "withdrawn"]),
                name="notice_board",
            ),
            models.Index(fields=["host", "state", "-id"], name="notice_by_host_state"),
            models.Index(fields=["region_code", "-posted_on"], name="notice_by_region"),
            GinIndex(fields=["search"], name="notice_search"),
        ]
        constraints = [
            models.CheckConstraint(name="notice_state_known", condition=Q(state__in=NoticeState.values)),
            models.CheckConstraint(
                name="notice_reviewed_by_other",
                condition=Q(on_paper=True) | Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="notice_posted_with_snapshot",
                condition=~Q(state__in=["posted", "expired"])
                | (Q(snapshot__isnull=False) & ~Q(sha256="") & ~Q(number="") & Q(posted_on__isnull=False)),
            ),
            models.UniqueConstraint(fields=["host", "number"], condition=~Q(number=""), name="notice_number_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """意见反馈 within the period: each one gets an answer. The contact stays inside."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    received_on = models.DateField()
    text = models.TextField(max_length=1000)
    contact = models.CharField(max_length=60, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(max_length=1000, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:30]


class BoardTotal(models.Model):
    """Posted notices of a host by year and kind, kept in the releasing transaction: no COUNT per view."""

    host = models.ForeignKey("members.Organisation", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=NoticeKind.choices)
    posted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "year", "kind"], name="board_total_once")]

    def __str__(self) -> str:
        return f"{self.host} {self.year} {self.kind}: {self.posted}"
