from .assignments import Assignment, Extension, HandlingReply, ProgressEntry, Verification
from .notices import Board, Objection, PublicNotice
from .outcomes import Benefit, Outcome, Product, SatisfactionSurvey
from .pursuit import AnswerLink, FieldCheck, Milestone, Urging

__all__ = [
    "AnswerLink",
    "Assignment",
    "Benefit",
    "Board",
    "Extension",
    "FieldCheck",
    "HandlingReply",
    "Milestone",
    "Objection",
    "Outcome",
    "Product",
    "ProgressEntry",
    "PublicNotice",
    "SatisfactionSurvey",
    "Urging",
    "Verification",
]
