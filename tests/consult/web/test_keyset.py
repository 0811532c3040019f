"""Pages by key: every row once, forwards and backwards, whatever repeats and whatever is empty."""

import base64
import json

import pytest
from django.db.models import F
from django.db.models.functions import Length

from consult.regions import Region
from consult.web.counting import count_capped, say_count
from consult.web.keyset import BrokenKey, read_page

pytestmark = pytest.mark.django_db
ORDERS = [
    ("code",),
    ("-code",),
    ("level", "code"),
    ("-level", "name", "-code"),
    ("parent_code", "code"),  # provinces have none: nulls last
    ("-parent_code", "-code"),  # nulls first
    ("valid_to", "code"),  # all empty
    ("letters", "code"),  # computed
]


def rows():
    return Region.objects.annotate(letters=Length("name"))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_forwards_every_row_comes_once_in_order(order, size):
    wanted = list(rows().order_by(*order).values_list("code", flat=True))
    found, key = [], ""
    while True:
        page = read_page(rows(), order, size, after=key, before="")
        found += [row.code for row in page.rows]
        assert bool(page.previous_key) is bool(key)
        if not page.next_key:
            break
        key = page.next_key
    assert found == wanted


@pytest.mark.parametrize("order", ORDERS)
def test_backwards_leads_to_the_page_one_came_from(order):
    first = read_page(rows(), order, 3, after="", before="")
    second = read_page(rows(), order, 3, after=first.next_key, before="")
    third = read_page(rows(), order, 3, after=second.next_key, before="")
    again = read_page(rows(), order, 3, after="", before=third.previous_key)
    assert [row.code for row in again.rows] == [row.code for row in second.rows]
    assert again.previous_key
    front = read_page(rows(), order, 3, after="", before=again.previous_key)
    assert [row.code for row in front.rows] == [row.code for row in first.rows]
    assert not front.previous_key


def test_a_page_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        read_page(rows(), ("name", "code"), 3, after="", before="")
    assert "COUNT" not in asked.captured_queries[0]["sql"]
    assert "OFFSET" not in asked.captured_queries[0]["sql"]


@pytest.mark.parametrize("key", ["x", "!!", "W10", "WyJhIiwiYiJd", "WzFd", "WyJcdTAwMDAiXQ", "甲", "e30"])
def test_a_broken_key_is_refused(key):
    with pytest.raises(BrokenKey):
        read_page(Region.objects.all(), ("code",), 3, after=key, before="")


@pytest.mark.parametrize("value", ["abc", "9" * 50, "1e5"])
def test_a_key_of_another_kind_is_refused(value):

    key = base64.urlsafe_b64encode(json.dumps([value, "1"]).encode()).decode().rstrip("=")
    with pytest.raises(BrokenKey):
        read_page(Region.objects.all(), ("level", "code"), 3, after=key, before="")


def test_counts_of_many_tabs_are_one_query(django_assert_num_queries):
    tabs = [rows().filter(level=level) for level in (1, 2, 3, 4, 5)] + [rows().none(), rows()]
    with django_assert_num_queries(1):
        counts = count_capped(tabs)
    assert counts == [tab.count() for tab in tabs]


def test_counting_stops_at_the_cap():
    assert count_capped([rows()], cap=2) == [3]
    assert (say_count(3, 2), say_count(2, 2)) == ("2+", "2")


def test_counts_survive_values_and_joins():
    assert count_capped([rows().annotate(same=F("level")).filter(same=5)]) == [rows().filter(level=5).count()]
