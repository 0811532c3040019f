"""Shape and columns agree: what the reader lets through fits, and every key of the format is known."""

import re

import pytest

from consult.desk.backfill import schema
from consult.desk.backfill.kinds import ListOf, Text, keys_of
from outcomes.models import (
    Assignment,
    Benefit,
    HandlingReply,
    Outcome,
    Product,
    ProgressEntry,
    PublicNotice,
    Verification,
)
from sessions.models import (
    AgendaItem,
    ConsensusPoint,
    ConsultationRoom,
    ConsultSession,
    DissentPoint,
    Minutes,
    Participant,
    Statement,
)
from topics.models import FieldStudy, Raiser, Topic

COLUMNS = [
    ("CaseTopic.title", Topic, "title"),
    ("CaseTopic.place", Topic, "place"),
    ("CaseTopic.category", Topic, "category"),
    ("CaseTopic.tags", Topic, "tags"),
    ("CaseTopic.problem", Topic, "problem"),
    ("CaseTopic.expectation", Topic, "expectation"),
    ("CaseFile.programme", Topic, "programme"),
    ("CaseFile.key", Topic, "case_key"),
    ("CaseScreening.reason", Topic, "reason"),
    ("CaseScreening.reply", Topic, "reply_text"),
    ("CaseScreening.to_unit", Topic, "to_unit"),
    ("CaseApproval.party_text", Topic, "party_text"),
    ("CaseClaim.group", Topic, "claimed_name"),
    ("CaseClaim.member", Topic, "claimed_name"),
    ("CaseRaiser.name", Raiser, "name"),
    ("CaseRaiser.organisation", Raiser, "organisation"),
    ("CaseStudy.places", FieldStudy, "places"),
    ("CaseStudy.method", FieldStudy, "method"),
    ("CaseStudy.findings", FieldStudy, "findings"),
    ("CaseSession.title", ConsultSession, "title"),
    ("CaseSession.place", ConsultSession, "place"),
    ("CaseSession.room", ConsultationRoom, "name"),
    ("CaseSession.languages", ConsultSession, "languages"),
    ("CaseSession.convenor", ConsultSession, "convenor_name"),
    ("CaseSession.lead_member", ConsultSession, "lead_name"),
    ("CaseSession.moderator", ConsultSession, "moderator_name"),
    ("CaseSession.recorder", ConsultSession, "recorder_name"),
    ("CaseSession.agenda", AgendaItem, "text"),
    ("CaseParticipant.organisation", Participant, "organisation_name"),
    ("CaseParticipant.name", Participant, "name"),
    ("CaseParticipant.title", Participant, "title"),
    ("CaseStatement.by", Statement, "by"),
    ("CaseStatement.text", Statement, "text"),
    ("CaseConsensus.text", ConsensusPoint, "text"),
    ("CaseDissent.text", DissentPoint, "text"),
    ("CaseDissent.by", DissentPoint, "by"),
    ("CaseMinutes.signed_by", Minutes, "signed_name"),
    ("CaseProduct.title", Product, "title"),
    ("CaseProduct.text", Product, "text"),
    ("CaseBenefit.what", Benefit, "what"),
    ("CaseBenefit.unit", Benefit, "unit"),
    ("CaseOutcome.submitted_to", Outcome, "submitted_to"),
    ("CaseOutcome.instruction", Outcome, "instruction"),
    ("CaseFunds.source", Assignment, "funds_source"),
    ("CaseAssignment.matter", Assignment, "matter"),
    ("CaseAssignment.issued_by", Assignment, "issued_by"),
    ("CaseAssignment.requirement", Assignment, "requirement"),
    ("CaseAssignment.projects", Assignment, "projects"),
    ("CaseProgress.text", ProgressEntry, "text"),
    ("CaseReply.result", HandlingReply, "result"),
    ("CaseVerification.by", Verification, "verified_name"),
    ("CaseVerification.finding", Verification, "finding"),
    ("CaseNotice.title", PublicNotice, "title"),
    ("CaseNotice.text", PublicNotice, "text"),
    ("CaseNotice.places", PublicNotice, "places"),
]


@pytest.mark.parametrize(("field", "model", "column"), COLUMNS)
def test_what_is_read_fits_its_column(field, model, column):
    shape, name = field.split(".")
    kind = getattr(schema, shape).__dataclass_fields__[name].metadata["kind"]
    kind = kind.element if isinstance(kind, ListOf) else kind
    stored = model._meta.get_field(column)
    stored = getattr(stored, "base_field", stored)
    assert kind.limit <= stored.max_length


def test_no_text_is_left_without_a_column_to_compare_with():
    compared = {field for field, _model, _column in COLUMNS}
    for shape in vars(schema).values():
        if not (isinstance(shape, type) and issubclass(shape, schema.Part)):
            continue
        for name, field in shape.__dataclass_fields__.items():
            kind = field.metadata.get("kind")
            kind = kind.element if isinstance(kind, ListOf) else kind
            if isinstance(kind, Text) and f"{shape.__name__}.{name}" not in compared:
                assert f"{shape.__name__}.{name}" in {
                    "CaseApproval.lead_committee",  # organisations: members.Organisation.name
                    "CaseAssignment.lead_unit",
                    "CaseAssignment.assisting",
                    "CaseFile.illustrative",
                }


#: The shape as the format's own description prints it.
PRINTED = """
key host joint profile programme topic screening approval claim field_study sessions minutes outcome assignments
satisfaction notice illustrative
""".split()  # noqa: SIM905


def test_every_key_of_the_format_is_known_and_no_other():
    assert sorted(keys_of(schema.CaseFile)) == sorted(PRINTED)
    written = {
        schema.CaseTopic: "title source region place category tags problem expectation households people pending_since "
        "raised_on raised_by stakeholders",
        schema.CaseRaiser: "category name organisation",
        schema.CaseScreening: "date small_cut wide_reach vital_interest decision reason into to_unit reply",
        schema.CaseApproval: "council_on party_on party_text lead_committee plan_year",
        schema.CaseClaim: "date group member promised_on",
        schema.CaseStudy: "from to places method households findings",
        schema.CaseSession: "title form venue_kind room place region starts_at ends_at languages convenor lead_member "
        "moderator recorder agenda participants statements consensus dissent minutes",
        schema.CaseParticipant: "category organisation name title count attendance",
        schema.CaseStatement: "by category text",
        schema.CaseConsensus: "number text level",
        schema.CaseDissent: "text by",
        schema.CaseMinutes: "drafted_on signed_on signed_by",
        schema.CaseOutcome: "effects product benefits submitted_to submitted_on adopted_on instruction",
        schema.CaseProduct: "kind title text",
        schema.CaseBenefit: "what amount unit",
        schema.CaseAssignment: "number matter fulfils lead_unit assisting issued_by issued_on due_on requirement funds "
        "projects progress reply verification closed_on",
        schema.CaseFunds: "amount kind source",
        schema.CaseProgress: "date text spent",
        schema.CaseReply: "date class result",
        schema.CaseVerification: "date by method finding",
        schema.CaseSatisfaction: "date process result",
        schema.CaseAnswers: "satisfied basically unsatisfied",
        schema.CaseNotice: "kind title text posted_on days places",
    }
    for shape, keys in written.items():
        assert sorted(keys_of(shape)) == sorted(re.findall(r"\w+", keys)), shape.__name__
