"""The vocabulary of reading public notices."""

from consult.regions.querysets import RegionQuerySet


class NoticeQuerySet(RegionQuerySet):
    pass
