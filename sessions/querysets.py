"""The vocabulary of reading sessions and rooms."""

from consult.regions.querysets import RegionQuerySet


class RoomQuerySet(RegionQuerySet):
    pass


class SessionQuerySet(RegionQuerySet):
    pass


class MinutesQuerySet(RegionQuerySet):
    pass
