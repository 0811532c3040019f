"""Addresses of the kernel's own endpoints, collected by the project's urls."""

from .preferences import PreferenceViewSet
from .regions import RegionViewSet
from .tokens import TokenViewSet

ROUTES = [("regions", RegionViewSet), ("tokens", TokenViewSet), ("preferences", PreferenceViewSet)]
