"""Personal data in text: found before a paper is released, and masked for the public.

``detect(value)`` reads a text, or any JSON value with its paths; ``blocking(value)`` keeps what must be masked before
a notice may be released; ``mask(text)`` puts stars over it. Territory, dates, paper numbers and receipts are no
personal data and are left alone. Nothing here ever repeats a number in clear: an excerpt is masked already.
"""

from .detector import ADDRESS, BANK_CARD, BLOCKING, ID, PHONE, PLATE, Finding, blocking, detect, kind_label
from .masks import mask, mask_name, mask_phone

__all__ = [
    "ADDRESS",
    "BANK_CARD",
    "BLOCKING",
    "ID",
    "PHONE",
    "PLATE",
    "Finding",
    "blocking",
    "detect",
    "kind_label",
    "mask",
    "mask_name",
    "mask_phone",
]
