"""Lists: by cursor, capped, without COUNT, and strict about what they are asked."""

import base64
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import people

DAYS = [date(2026, 1, 1), None, date(2026, 1, 1), date(2025, 1, 1), None, date(2026, 3, 1), None]


@pytest.fixture
def units(ours):
    return [people.organisation(ours, name=f"单位{n}", closed_on=day) for n, day in enumerate(DAYS)]


def walk(caller, path, key="next"):
    pages = []
    while path:
        answer = caller.get(path)
        assert answer.status_code == 200, answer.content
        pages.append([row["name"] for row in answer.json()["results"]])
        link = answer.json()[key]
        path = link and f"{urlsplit(link).path.removeprefix('/api/v1/')}?{urlsplit(link).query}"
    return pages


@pytest.mark.parametrize("ordering", ["", "name", "-name", "closed_on", "-closed_on"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_every_row_comes_once_whatever_the_order_and_size(caller, units, ordering, size):
    query = f"?page_size={size}&kind=department" + (f"&ordering={ordering}" if ordering else "")
    pages = walk(caller, f"units/{query}")
    rows = [name for page in pages for name in page]
    assert sorted(rows) == sorted(unit.name for unit in units)
    assert all(len(page) <= size for page in pages)


def test_the_order_is_the_one_asked_for_and_empty_values_come_last(caller, units):
    assert walk(caller, "units/?page_size=2&kind=department&ordering=-closed_on") == [
        ["单位5", "单位2"],
        ["单位0", "单位3"],
        ["单位6", "单位4"],
        ["单位1"],
    ]
    assert walk(caller, "units/?page_size=4&kind=department&ordering=closed_on") == [
        ["单位3", "单位0", "单位2", "单位5"],
        ["单位1", "单位4", "单位6"],
    ]


@pytest.mark.parametrize("ordering", ["name", "-name", "closed_on", "-closed_on"])
def test_the_way_back_is_the_way_there(caller, units, ordering):
    first = caller.get(f"units/?page_size=2&kind=department&ordering={ordering}").json()
    forth, link = [first], first["next"]
    while link:
        forth.append(caller.client.get(link, headers=caller.headers).json())
        link = forth[-1]["next"]
    back, link = [forth[-1]], forth[-1]["previous"]
    while link:
        back.append(caller.client.get(link, headers=caller.headers).json())
        link = back[-1]["previous"]
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in forth]


def test_new_rows_do_not_shift_the_pages(caller, ours, units):
    first = caller.get("units/?page_size=3&kind=department").json()
    people.organisation(ours, name="新单位")
    second = caller.client.get(first["next"], headers=caller.headers).json()
    assert [row["name"] for row in first["results"] + second["results"]] == [f"单位{n}" for n in (6, 5, 4, 3, 2, 1)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("nosuch=1", "nosuch"),
        ("kind=nosuch", "kind"),
        ("created_by__phone__startswith=1", "created_by__phone__startswith"),
        ("host__name=x", "host__name"),
        ("kind__in=cppcc", "kind__in"),
        ("ordering=region_code", "ordering"),
        ("ordering=-nosuch", "ordering"),
        ("ordering=?", "ordering"),
        ("ordering=name,closed_on", "ordering"),
        ("ordering=", "ordering"),
        ("closed_after=2025-02-30", "closed"),
        ("closed=2025-02-01", "closed"),
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=abc", "page_size"),
        ("page_size=²", "page_size"),
        ("page_size=1e3", "page_size"),
        ("page_size=", "page_size"),
        ("cursor=", "cursor"),
        ("cursor=garbage", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=汉字", "cursor"),
        ("cursor=bnVsbA", "cursor"),
        ("cursor=" + "W" * 5000, "cursor"),
        ("kind=cppcc&kind=department", "kind"),
        ("fields=name", "fields"),
        ("format=xml", "format"),
    ],
)
def test_what_a_list_does_not_know_is_refused_by_name(caller, units, query, field):
    answer = caller.get(f"units/?{query}")
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == "invalid"
    assert field in answer.json()["fields"]


def test_a_cursor_of_another_order_is_refused(caller, units):
    link = caller.get("units/?page_size=2&ordering=name").json()["next"]
    answer = caller.client.get(link.replace("ordering=name", "ordering=-name"), headers=caller.headers)
    assert answer.status_code == 400


def test_a_forged_cursor_reads_nothing_it_should_not(caller, units):
    for text in ('["n","-pk",[{}]]', '["n","-pk",["x"]]', '["n","-pk",[1e9]]', '["x","-pk",[1]]', '["n","-pk",[1,2]]'):
        forged = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        assert caller.get(f"units/?cursor={forged}").status_code == 400, text
    huge = base64.urlsafe_b64encode(b'["n","-pk",[' + b"9" * 30 + b"]]").decode().rstrip("=")
    assert caller.get(f"units/?cursor={huge}").status_code in (200, 400)


def test_a_million_rows_are_a_hundred(caller, ours):
    for n in range(103):
        people.organisation(ours, name=f"单位{n:03d}")
    assert len(caller.get("units/?page_size=1000000").json()["results"]) == 100
    assert len(caller.get("units/").json()["results"]) == 20


def test_several_values_where_the_filter_takes_several(caller, units):
    assert caller.get("units/?name=甲&name=乙").json()["results"] == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_cost_is_the_same_for_one_and_thirty_and_nothing_is_counted(caller, ours, count):
    for n in range(count):
        people.organisation(ours, name=f"单位{n}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(caller.get("units/?kind=department&page_size=100").json()["results"]) == count
    assert len(queries) == 4  # the token, its account, the mandates, the list
    assert not any("COUNT(" in query["sql"].upper() for query in queries)


def test_details_take_no_parameters(caller, units):
    assert caller.get(f"units/{units[0].uuid}/?include=host").status_code == 400
