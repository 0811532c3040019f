"""Levels and prefixes: segments count, trailing zeros do not."""

import pytest
from django.db.models import Q

from consult.regions import inside, level_of, prefix_of
from consult.regions.codes import possible_parents


@pytest.mark.parametrize(
    ("code", "level", "prefix"),
    [
        ("530000000000", 1, "53"),
        ("530900000000", 2, "5309"),
        ("451000000000", 2, "4510"),
        ("341103000000", 3, "341103"),
        ("341103100000", 4, "341103100"),
        ("441900003000", 4, "441900003"),
        ("341103107201", 5, "341103107201"),
        ("341103107", 4, "341103107"),
        ("532500", 2, "5325"),
        ("34", 1, "34"),
    ],
)
def test_level_and_prefix(code, level, prefix):
    assert (level_of(code), prefix_of(code)) == (level, prefix)


@pytest.mark.parametrize("nonsense", ["", "3", "53090", "5309000000001", "53090000000x", "000000000000", "５３０９"])
def test_nonsense_is_not_a_code(nonsense):
    with pytest.raises(ValueError, match="not a division code"):
        prefix_of(nonsense)


def test_possible_parents_start_with_the_nearest():
    assert possible_parents("441900003000") == ["441900000000", "440000000000"]
    assert possible_parents("341103107201") == ["341103107000", "341103000000", "341100000000", "340000000000"]
    assert possible_parents("530000000000") == []


def test_no_division_means_no_rows():
    assert inside() == Q(pk__in=())


def test_codes_and_prefixes_mean_the_same():
    expected = Q(pk__in=()) | Q(region_code__startswith="5309") | Q(region_code__startswith="341103")
    assert inside("530900000000", "341103") == expected
    assert inside("5309", field="place") == Q(pk__in=()) | Q(place__startswith="5309")


def test_the_whole_country_is_refused():
    with pytest.raises(ValueError, match="whole country"):
        inside("5309", "")
