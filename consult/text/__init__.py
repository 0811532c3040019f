"""What people type, made fit to store: one set of rules for pages, API and files brought in."""

from consult.text.cleaning import Refused, clean_line, clean_text, is_blank
from consult.text.phones import clean_phone, mask_phone

__all__ = ["Refused", "clean_line", "clean_phone", "clean_text", "is_blank", "mask_phone"]
