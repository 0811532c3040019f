from .assignments import Assignment, Extension, HandlingReply, ProgressEntry, Verification
from .notices import Board, Objection, PublicNotice
from .outcomes import Benefit, Outcome, Product, SatisfactionSurvey
from .pursuit import AnswerLink, FieldCheck, Milestone, Urging
from .ratings import Invitee, PaperForms, RaiserAnswer, SatisfactionAnswer, SatisfactionInvitation

__all__ = [
    "AnswerLink",
    "Assignment",
    "Benefit",
    "Board",
    "Extension",
    "FieldCheck",
    "Invitee",
    "HandlingReply",
    "Milestone",
    "Objection",
    "Outcome",
    "PaperForms",
    "Product",
    "ProgressEntry",
    "PublicNotice",
    "RaiserAnswer",
    "SatisfactionAnswer",
    "SatisfactionInvitation",
    "SatisfactionSurvey",
    "Urging",
    "Verification",
]
