"""Input of each move, by the names that the services use."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from consult.rest.serializers import LineField, Reference, StrictSerializer, TextField
from consult.rest.uploads import UploadInput
from members.models import Account, Organisation
from outcomes.models import AnswerLink, Assignment, FieldCheck, Milestone, Outcome, ProgressEntry
from outcomes.services.assignments import NOT_UNITS
from outcomes.services.checks import FOLLOWING
from outcomes.states import CheckVerdict, Effect, FundsKind, Method, ProductKind, RaiserVerdict, ReplyClass
from sessions.models import ConsensusPoint
from topics.models import Topic
from topics.states import About

MOST = 1_000_000


def _line(limit: int) -> LineField:
    return LineField(max_length=limit)


def _maybe_line(limit: int) -> LineField:
    return LineField(max_length=limit, required=False, allow_blank=True)


def _maybe_text(limit: int) -> TextField:
    return TextField(max_length=limit, required=False, allow_blank=True)


def _money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True)


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=10_000_000, required=False, allow_null=True)


def _seen(reader: Any) -> Any:
    return Assignment.objects.visible_to(reader)


def _steps_of(reader: Any) -> Any:
    return Milestone.objects.filter(assignment__in=_seen(reader))


def _checks_of(reader: Any) -> Any:
    return FieldCheck.objects.visible_to(reader)


def _links_of(reader: Any) -> Any:
    return AnswerLink.objects.filter(assignment__in=_seen(reader)).select_related("unit")


def _people_for(reader: Any) -> Any:
    """Who holds a mandate within the work of the reader's CPPCC."""
    hosts = {mandate.host_id for mandate in reader.mandates_now()}
    return Account.objects.filter(is_active=True, mandates__host_id__in=hosts).distinct()


def _progress_of(reader: Any) -> Any:
    return ProgressEntry.objects.filter(assignment__in=Assignment.objects.visible_to(reader))


class ProgressPhotoInput(UploadInput):
    """A photo or paper at an entry of the progress."""

    progress = Reference(choose=_progress_of)


def units_for(reader: Any) -> Any:
    return Organisation.objects.visible_to(reader).open().exclude(kind__in=NOT_UNITS)


def points_for(reader: Any) -> Any:
    return ConsensusPoint.objects.filter(topic__in=Topic.objects.visible_to(reader).values("pk"))


class OnInput(StrictSerializer):
    """The business date; today when left out."""

    on = serializers.DateField(required=False)


class ReasonInput(OnInput):
    reason = _line(300)


# outcomes


class BenefitInput(StrictSerializer):
    what = _line(60)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    about = serializers.ChoiceField(choices=About.choices, required=False, allow_blank=True)
    unit = _line(10)


class DutyInput(StrictSerializer):
    party = _line(60)
    duty = _line(150)


class ProductInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=ProductKind.choices)
    title = _line(100)
    text = TextField(max_length=5000)
    duties = DutyInput(many=True, required=False)


class OutcomeInput(OnInput):
    effects = serializers.ListField(child=serializers.ChoiceField(choices=Effect.choices), required=False)
    summary = _maybe_text(3000)
    benefits = BenefitInput(many=True, required=False)
    products = ProductInput(many=True, required=False)


class DraftInput(OutcomeInput):
    topic = Reference(Topic.objects.all())


class SubmitInput(OnInput):
    submitted_to = serializers.ListField(child=_line(100), min_length=1, max_length=10)


class AdoptInput(OnInput):
    adopted_by = _line(100)
    instruction = TextField(max_length=500)


class BenefitsInput(OnInput):
    benefits = BenefitInput(many=True)


class AnswersInput(StrictSerializer):
    """How many answered so."""

    satisfied = serializers.IntegerField(min_value=0, max_value=MOST)
    basically = serializers.IntegerField(min_value=0, max_value=MOST)
    unsatisfied = serializers.IntegerField(min_value=0, max_value=MOST)

    def validate(self, data: dict[str, int]) -> Any:
        return data["satisfied"], data["basically"], data["unsatisfied"]


class SatisfactionInput(OnInput):
    process = AnswersInput()
    result = AnswersInput()
    raiser_result = serializers.ChoiceField(choices=RaiserVerdict.choices, required=False, allow_blank=True)


class PaperFormsInput(OnInput):
    """A pile of paper forms; its scan is added at the desk."""

    process = AnswersInput()
    result = AnswersInput()
    of_invited = serializers.IntegerField(min_value=0, max_value=MOST, required=False)


class ExplainInput(OnInput):
    explanation = TextField(max_length=1000)


# assignments


class IssueInput(OnInput):
    outcome = Reference(Outcome.objects.all())
    matter = _line(200)
    fulfils = Reference(choose=points_for, many=True, allow_empty=False)
    lead_unit = Reference(choose=units_for)
    assisting_units = Reference(choose=units_for, many=True, required=False)
    requirement = _maybe_text(2000)
    due_on = serializers.DateField(required=False)
    issued_by = _line(100)
    funds_amount = _money()
    funds_about = serializers.ChoiceField(choices=About.choices, required=False, allow_blank=True)
    funds_kind = serializers.ChoiceField(choices=FundsKind.choices, required=False, allow_blank=True)
    funds_source = _maybe_line(100)
    projects = _maybe_line(200)


class SignForInput(OnInput):
    signed_for_by = _maybe_line(60)


class SendBackInput(ReasonInput):
    proper_unit = _line(100)


class ReassignInput(ReasonInput):
    lead_unit = Reference(choose=units_for)
    assisting_units = Reference(choose=units_for, many=True, required=False)
    due_on = serializers.DateField(required=False)


class ProgressInput(OnInput):
    text = TextField(max_length=1000)
    spent = _money()
    done = _count()
    total = _count()
    counted = _maybe_line(10)
    steps = Reference(choose=_steps_of, many=True, required=False)
    contact_on = serializers.DateField(required=False)
    contact_method = serializers.ChoiceField(choices=Method.choices, required=False, allow_blank=True)
    contact_note = _maybe_line(300)


class MilestonesInput(StrictSerializer):
    names = serializers.ListField(child=_line(40), min_length=1, max_length=12)


class LetterInput(StrictSerializer):
    text = TextField(max_length=1000)


class UrgeAllInput(StrictSerializer):
    items = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=200)
    text = TextField(max_length=1000, required=False)


class PlanCheckInput(StrictSerializer):
    planned_on = serializers.DateField()
    people = Reference(choose=_people_for, many=True, allow_empty=False)
    note = LineField(max_length=200, required=False, allow_blank=True, source="note_text")


class RecordCheckInput(OnInput):
    check = Reference(choose=_checks_of, required=False)
    verdict = serializers.ChoiceField(choices=CheckVerdict.choices)
    method = serializers.ChoiceField(choices=Method.choices)
    finding = TextField(max_length=500)
    then = serializers.ChoiceField(choices=FOLLOWING, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False)
    client_id = serializers.UUIDField(required=False)


class DropCheckInput(StrictSerializer):
    check = Reference(choose=_checks_of)
    reason = _line(300)


class MakeLinkInput(StrictSerializer):
    unit = Reference(choose=units_for, required=False)
    name = _line(40)
    days = serializers.IntegerField(min_value=1, max_value=120, required=False)


class RevokeLinkInput(StrictSerializer):
    link = Reference(choose=_links_of)


class RenewLinkInput(RevokeLinkInput):
    days = serializers.IntegerField(min_value=1, max_value=120, required=False)


class ExtensionInput(ReasonInput):
    due_wanted = serializers.DateField()


class GrantInput(OnInput):
    due_on = serializers.DateField(required=False)
    reason = _maybe_line(300)


class ReplyInput(OnInput):
    reply_class = serializers.ChoiceField(choices=ReplyClass.choices)
    measures = TextField(max_length=2000)
    result = TextField(max_length=2000)
    contact_on = serializers.DateField()
    contact_method = serializers.ChoiceField(choices=Method.choices)
    contact_note = _maybe_line(300)


class VerifyInput(OnInput):
    method = serializers.ChoiceField(choices=Method.choices)
    finding = TextField(max_length=500)


class ReworkInput(ReasonInput):
    due_on = serializers.DateField()
    method = serializers.ChoiceField(choices=Method.choices, required=False, allow_blank=True)


class CloseInput(OnInput):
    next_review_on = serializers.DateField(required=False)


class ReopenInput(ReasonInput):
    due_on = serializers.DateField(required=False)
