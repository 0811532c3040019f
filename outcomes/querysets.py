"""The vocabulary of reading outcomes, assignments and notices."""

from consult.regions.querysets import RegionQuerySet


class OutcomeQuerySet(RegionQuerySet):
    pass


class AssignmentQuerySet(RegionQuerySet):
    pass


class NoticeQuerySet(RegionQuerySet):
    pass
