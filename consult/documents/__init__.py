"""Rendering, and nothing but rendering: what is drawn or printed of what others decide."""

from .codes import qr_svg

__all__ = ["qr_svg"]
