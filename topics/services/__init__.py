"""What happens to a matter: one public function per sentence of the procedure."""

from .attachments import attach_file
from .driven import (
    close_topic,
    conclude_topic,
    reopen_topic,
    return_to_consulted,
    schedule_topic,
    unschedule_topic,
)
from .handing_in import (
    hand_in,
    lapse_due,
    lapse_topic,
    resubmit_topic,
    return_topic,
    submit_topic,
    withdraw_topic,
)
from .oversight import answer_topic_note, urge_topic
from .photos import add_visit_photo, files_of, visit_for
from .receipts import audience_of, find_by_receipt, follow_topic, hears_of, show_contact, unfollow_topic
from .screening import (
    change_profile,
    decline_topic,
    merge_topic,
    pool_topic,
    reconsider_topic,
    split_topic,
    transfer_topic,
)
from .studies import study_topic
from .taking_up import approve_topic, claim_topic, drop_topic, release_claim
from .visits import accept_visit, note_visit, set_aside_visit

__all__ = [
    "accept_visit",
    "add_visit_photo",
    "answer_topic_note",
    "approve_topic",
    "attach_file",
    "audience_of",
    "change_profile",
    "claim_topic",
    "close_topic",
    "conclude_topic",
    "decline_topic",
    "drop_topic",
    "files_of",
    "find_by_receipt",
    "follow_topic",
    "hand_in",
    "hears_of",
    "lapse_due",
    "lapse_topic",
    "merge_topic",
    "note_visit",
    "pool_topic",
    "reconsider_topic",
    "release_claim",
    "reopen_topic",
    "resubmit_topic",
    "return_to_consulted",
    "return_topic",
    "schedule_topic",
    "set_aside_visit",
    "show_contact",
    "split_topic",
    "study_topic",
    "submit_topic",
    "transfer_topic",
    "unfollow_topic",
    "unschedule_topic",
    "urge_topic",
    "visit_for",
    "withdraw_topic",
]
