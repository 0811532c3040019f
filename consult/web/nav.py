"""The menu: each app registers the pages it has; an entry is shown to the roles that use the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

MAIN, TOOLS, ACCOUNT = "main", "tools", "account"
STAFF = ("office", "approver", "convenor", "supervision_office")
MEMBERS = ("group_leader", "member")
UNITS = ("liaison", "unit_chief")


@dataclass(frozen=True)
class Entry:
    """One page in a menu. ``count`` answers how much waits there; it is asked after the page has been shown."""

    url_name: str
    label: Any
    roles: frozenset[str]
    order: int
    place: str = MAIN
    count: Callable[[Any], int] | None = None
    icon: str = ""
    tab: str = ""
    post: bool = False
    within: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        return self.url_name.replace(":", "-").replace("_", "-")

    @property
    def counted(self) -> bool:
        """For templates, which would call ``count`` itself."""
        return self.count is not None

    @property
    def tab_label(self) -> Any:
        return self.tab or self.label

    def url(self) -> str:
        """The address, or nothing while no such page exists."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""

    def is_for(self, roles: Iterable[str]) -> bool:
        return not self.roles or not self.roles.isdisjoint(roles)


_entries: dict[str, Entry] = {}


def register(
    url_name: str,
    label: Any,
    *,
    roles: Iterable[str] = (),
    order: int = 50,
    place: str = MAIN,
    count: Callable[[Any], int] | None = None,
    icon: str = "",
    tab: Any = "",
    post: bool = False,
    within: Iterable[str] = (),
) -> None:
    """Put a page into a menu.

    ``roles`` empty: everybody who is signed in. ``within``: namespaces or view names under which
    this entry is the current one (its own always counts). ``icon`` with ``tab`` (a shorter label)
    puts it among the tabs at the bottom of a member's phone. ``post``: a button, not a link.
    """
    _entries[url_name] = Entry(
        url_name, label, frozenset(roles), order, place, count, icon, tab, post, tuple(str(name) for name in within)
    )


def registered() -> list[Entry]:
    return sorted(_entries.values(), key=lambda entry: (entry.place, entry.order))


@dataclass(frozen=True)
class Link:
    """An entry as one reader sees it on one page."""

    entry: Entry
    url: str
    current: bool

    @property
    def label(self) -> Any:
        return self.entry.label


class Menu:
    """The menus of one request; nothing is computed until a template asks."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def is_somebody(self) -> bool:
        user = getattr(self.request, "user", None)
        return user is not None and bool(user.is_authenticated)

    @cached_property
    def roles(self) -> set[str]:
        user: Any = self.request.user if self.is_somebody else None
        return {mandate.role for mandate in user.mandates_now()} if user is not None else set()

    @cached_property
    def main(self) -> list[Link]:
        return self._links(MAIN)

    @cached_property
    def tools(self) -> list[Link]:
        return self._links(TOOLS)

    @cached_property
    def account(self) -> list[Link]:
        return self._links(ACCOUNT)

    @cached_property
    def tabs(self) -> list[Link]:
        """Tabs at the bottom of the phone: for those who work in yards, not at desks."""
        if not self.roles or self.roles - set(MEMBERS) - {"village_liaison"}:
            return []
        found = [link for link in self.main if link.entry.icon]
        return found[:4] if len(found) > 1 else []

    @cached_property
    def beyond_tabs(self) -> list[Link]:
        """What the tabs leave out; on the phone it stands in the menu of the account."""
        return [link for link in self.main if link not in self.tabs] if self.tabs else []

    @cached_property
    def has_counts(self) -> bool:
        return any(link.entry.count for link in [*self.main, *self.tools])

    def _links(self, place: str) -> list[Link]:
        if not self.is_somebody:
            return []
        shown = [
            (entry, url)
            for entry in registered()
            if entry.place == place and entry.is_for(self.roles) and (url := entry.url())
        ]
        current = self._current([entry for entry, _ in shown], place)
        return [Link(entry, url, entry is current) for entry, url in shown]

    def _current(self, entries: list[Entry], place: str) -> Entry | None:
        match = getattr(self.request, "resolver_match", None)
        if match is None or any(
            match.view_name in (one.url_name, *one.within) and one.place != place for one in registered()
        ):
            return None
        ways = (
            lambda entry: entry.url_name == match.view_name,
            lambda entry: match.view_name in entry.within,
            lambda entry: match.namespace and match.namespace in entry.within,
            lambda entry: match.namespace and entry.url_name.startswith(f"{match.namespace}:"),
        )
        return next((entry for way in ways for entry in entries if way(entry)), None)
