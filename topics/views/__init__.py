"""Pages of a matter: each fetches through ``visible_to``, calls one service, answers."""

from .bulk import BulkMove
from .detail import Contact, TopicDetail, TopicFile, TopicPreview
from .lists import DealtWithToday, ToClaim, TopicList
from .moves import TopicMove
from .slips import AddPhotos, Follow, HandIn, Receipt, Similar

__all__ = [
    "AddPhotos",
    "BulkMove",
    "Contact",
    "DealtWithToday",
    "Follow",
    "HandIn",
    "Receipt",
    "Similar",
    "ToClaim",
    "TopicDetail",
    "TopicFile",
    "TopicList",
    "TopicMove",
    "TopicPreview",
]
