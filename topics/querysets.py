"""The vocabulary of reading topics. ``visible_to`` is filled in by the one rule of sight (PROCEDURE «Sight»)."""

from consult.regions.querysets import RegionQuerySet


class TopicQuerySet(RegionQuerySet):
    pass
