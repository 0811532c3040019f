from .assignments import Assignment, Extension, HandlingReply, ProgressEntry, Verification
from .notices import Board, Objection, PublicNotice
from .outcomes import Benefit, Outcome, Product, SatisfactionSurvey

__all__ = [
    "Assignment",
    "Benefit",
    "Board",
    "Extension",
    "HandlingReply",
    "Objection",
    "Outcome",
    "Product",
    "ProgressEntry",
    "PublicNotice",
    "SatisfactionSurvey",
    "Verification",
]
