"""Input of the pages of a matter."""

from .moves import (
    AnswerForm,
    ApproveForm,
    ClaimForm,
    MergeForm,
    OnForm,
    PoolForm,
    ProfileForm,
    SimpleReasonForm,
    SplitForm,
    StudyForm,
    TransferForm,
)
from .slips import CompleteForm, FollowForm, PhotosForm, SlipForm
from .visits import AcceptVisitForm, SetAsideForm

__all__ = [
    "AcceptVisitForm",
    "AnswerForm",
    "ApproveForm",
    "ClaimForm",
    "CompleteForm",
    "FollowForm",
    "MergeForm",
    "OnForm",
    "PhotosForm",
    "PoolForm",
    "ProfileForm",
    "SetAsideForm",
    "SimpleReasonForm",
    "SlipForm",
    "SplitForm",
    "StudyForm",
    "TransferForm",
]
