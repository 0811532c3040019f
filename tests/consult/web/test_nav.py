"""The menu leads only to pages that exist, and shows each role its own."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from consult.web import nav
from tests.factories import people


@pytest.fixture
def _own_menu(monkeypatch):
    monkeypatch.setattr(nav, "_entries", {})


def menu_of(account, path="/regions/"):
    request = RequestFactory().get(path)
    request.user = account
    request.resolver_match = resolve(path)
    return nav.Menu(request)


def test_an_entry_without_a_page_is_not_shown(gallery, clerk, _own_menu):
    nav.register("region-list", "区划", order=1)
    nav.register("nowhere:list", "没有", order=2)
    assert [link.label for link in menu_of(clerk).main] == ["区划"]


def test_entries_are_shown_to_their_roles_in_their_order(gallery, clerk, _own_menu):
    nav.register("everything", "登记", roles=("office",), order=2)
    nav.register("region-list", "区划", order=1)
    nav.register("web:places", "地名", roles=("member",), order=0)
    assert [link.label for link in menu_of(clerk).main] == ["区划", "登记"]


def test_the_page_one_is_on_is_marked(gallery, clerk, _own_menu):
    nav.register("region-list", "区划")
    nav.register("everything", "登记", within=("web",))
    marked = {link.label: link.current for link in menu_of(clerk).main}
    assert marked == {"区划": True, "登记": False}
    marked = {link.label: link.current for link in menu_of(clerk, "/ui/places/").main}
    assert marked == {"区划": False, "登记": True}


def test_counts_are_asked_after_the_page(gallery, signed_in, _own_menu, django_assert_num_queries):
    asked = []
    nav.register("region-list", "区划", count=lambda account: asked.append(account) or 13)
    page = signed_in.get("/regions/").content.decode()
    assert asked == []
    assert 'hx-get="/ui/counts/"' in page
    assert 'id="count-region-list"' in page
    counts = signed_in.get("/ui/counts/").content.decode()
    assert 'id="count-region-list" hx-swap-oob="true"' in counts
    assert "13" in counts
    assert len(asked) == 1


def test_tabs_are_for_those_who_work_on_the_phone(gallery, clerk, _own_menu):
    nav.register("region-list", "区划", icon="house", tab="首页")
    nav.register("everything", "登记", icon="pencil-square")
    assert menu_of(clerk).tabs == []
    member = people.account("member", people.host())
    nav.register("web:places", "地名")
    menu = menu_of(member)
    assert [str(link.entry.tab_label) for link in menu.tabs] == ["首页", "登记"]
    assert [link.label for link in menu.beyond_tabs] == ["地名"]


def test_a_visitor_has_no_menu(gallery, client):
    assert "zb-nav" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_every_registered_entry_has_its_page():
    """No menu entry leads to a page that does not exist."""
    assert [entry.url_name for entry in nav.registered() if not entry.url()] == []
