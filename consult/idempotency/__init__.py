"""A request that arrives twice has one effect and one answer, kept by key for 45 days.

The answer is stored in the transaction of the effect: who crashes between commit and response
finds it on the next try. Only answers that had an effect are stored; a refused request
(4xx, 5xx, a form with errors) leaves nothing, so it may be corrected and sent again.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consult.idempotency.models import StoredAnswer
    from consult.idempotency.services import (
        Fingerprint,
        InFlight,
        KeyInFlight,
        KeyReused,
        Mismatch,
        Started,
        Stored,
        begin,
        finish,
        once,
        owner_of,
    )

__all__ = [
    "Fingerprint",
    "InFlight",
    "KeyInFlight",
    "KeyReused",
    "Mismatch",
    "Started",
    "Stored",
    "StoredAnswer",
    "begin",
    "finish",
    "once",
    "owner_of",
]


# Resolved on first use: models cannot be imported while Django still collects its apps.
def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{'models' if name == 'StoredAnswer' else 'services'}"), name)
    raise AttributeError(name)
