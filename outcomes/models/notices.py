"""Public notices (张榜公示): two-person release of an immutable, masked snapshot of the whole chain."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from consult.regions.fields import RegionCodeField
from outcomes.querysets import NoticeQuerySet
from outcomes.states import BOARD_STATES, PUBLIC_STATES, NoticeKind, NoticeState, SecrecyConclusion


class PublicNotice(models.Model):
    """The board, feeds, search and public API read ``snapshot`` only, never the tables of the procedure."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="notices")
    region_code = RegionCodeField()
    township = models.CharField(max_length=9, blank=True, default="", help_text="Prefix of the place, set at posting.")
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
    photos = ArrayField(
        models.UUIDField(), default=list, db_default=[], blank=True, help_text="Attachments that it shows."
    )
    number = models.CharField(max_length=60, blank=True, default="")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_on = models.DateField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who wrote last; he does not review either.",
    )
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
    sheet = models.TextField(blank=True, default="", help_text="Its page on the board, rendered at posting.")
    sheet_edition = models.CharField(
        max_length=16, blank=True, default="", help_text="Of the templates and words that rendered the sheet."
    )
    voices = models.JSONField(
        default=list, blank=True, help_text="Objections and answers as the public reads them: masked, without contact."
    )
    figures = models.JSONField(default=dict, blank=True, help_text="What its snapshot adds to the board's figures.")
    is_sample = models.BooleanField(default=False)
    search = SearchVectorField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_on", "-pk"]
        indexes = [
            models.Index(
                fields=["host", "-posted_on", "-id"], condition=Q(state__in=BOARD_STATES), name="notice_board"
            ),
            models.Index(
                fields=["host", "kind", "-posted_on", "-id"],
                condition=Q(state__in=BOARD_STATES),
                name="notice_board_kind",
            ),
            models.Index(
                fields=["host", "township", "-posted_on", "-id"],
                condition=Q(state__in=PUBLIC_STATES),
                name="notice_board_township",
            ),
            # the order of the API, where days that are missing come last
            models.Index(
                F("posted_on").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(state__in=PUBLIC_STATES),
                name="notice_public",
            ),
            models.Index(fields=["host", "state", "-id"], name="notice_by_host_state"),
            models.Index(fields=["-moved_on", "-id"], name="notice_by_moved"),
            models.Index(fields=["region_code", "-posted_on"], name="notice_by_region"),
            models.Index(fields=["expires_on"], condition=Q(state="posted"), name="notice_running"),
            GinIndex(fields=["search"], name="notice_search"),
        ]
        constraints = [
            models.CheckConstraint(name="notice_state_known", condition=Q(state__in=NoticeState.values)),
            models.CheckConstraint(name="notice_kind_known", condition=Q(kind__in=NoticeKind.values)),
            models.CheckConstraint(
                name="notice_reviewed_by_other",
                condition=Q(on_paper=True)
                | Q(reviewed_by__isnull=True)
                | (~Q(reviewed_by=F("drafted_by")) & (Q(edited_by__isnull=True) | ~Q(reviewed_by=F("edited_by")))),
            ),
            models.CheckConstraint(
                name="notice_posted_with_snapshot",
                condition=~Q(state__in=["posted", "expired"])
                | (
                    Q(snapshot__isnull=False)
                    & ~Q(sha256="")
                    & ~Q(number="")
                    & Q(posted_on__isnull=False)
                    & Q(expires_on__gte=F("posted_on"))
                    & Q(secrecy="open")
                    & Q(reviewed_by__isnull=False)
                    & Q(posted_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="notice_withdrawn_with_reason",
                condition=~Q(state="withdrawn") | (~Q(reason="") & Q(withdrawn_on__isnull=False)),
            ),
            models.CheckConstraint(name="notice_not_correcting_self", condition=~Q(corrects=F("id"))),
            models.UniqueConstraint(fields=["host", "number"], condition=~Q(number=""), name="notice_number_once"),
            models.UniqueConstraint(fields=["corrects"], condition=~Q(state="withdrawn"), name="notice_corrected_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outcomes:notice", args=[self.uuid])

    @property
    def board_url(self) -> str:
        """Where the public reads it."""
        return reverse("board:notice", args=[self.host.region_code, self.uuid])

    @property
    def is_running(self) -> bool:
        """Within its period today; whether the clock has already ended it says nothing."""
        today = timezone.localdate()
        return self.state == NoticeState.POSTED and self.expires_on is not None and self.expires_on >= today

    def offers(self, verb: str) -> bool:
        """What the row itself does not rule out."""
        if verb == "answer_objection":
            return any(not voice.get("answer") for voice in self.voices)
        if verb == "correct_notice":
            known = getattr(self, "known_corrected", None)
            return not (self.corrections.exclude(state=NoticeState.WITHDRAWN).exists() if known is None else known)
        return True


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
        constraints = [
            models.CheckConstraint(
                name="objection_answered_with_day",
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]

    @property
    def host_id(self) -> int:
        return self.notice.host_id


class Board(models.Model):
    """What stands around the list of a host's board, kept in the releasing transaction: no COUNT per view.

    ``version`` grows with everything the public may see change; pages are kept and named under it.
    """

    host = models.OneToOneField("members.Organisation", on_delete=models.CASCADE, related_name="board")
    version = models.PositiveBigIntegerField(default=0)
    totals = models.JSONField(default=dict, blank=True, help_text="{all, kinds, years, townships}: rows of the list.")
    figures = models.JSONField(default=dict, blank=True, help_text="{year: {raised, taken, sessions, settled, …}}")

    def __str__(self) -> str:
        return f"{self.host} v{self.version}"
