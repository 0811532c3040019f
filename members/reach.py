"""Who is reached, asked a hundred thousand times: the mandates in force on a day, read once and kept in memory."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property

from django.utils import timezone

from consult.regions.codes import prefix_of
from members.models import Account, Mandate
from members.states import Role


class Reach:
    """One run's directory of active accounts by role, host, division and unit; it grows old with the run."""

    def __init__(self, today: date | None = None):
        self.today = today or timezone.localdate()
        self._found: dict[tuple[str, ...], list[Account]] = {}

    def holders(self, host_id: int, region_code: str, *roles: str) -> list[Account]:
        """Who holds one of the roles under the host, in a division that contains the place."""
        return self._recall(
            (str(host_id), region_code, *roles),
            [row for role in roles for row in self._by_host.get((host_id, role), ())],
            region_code,
        )

    def supervisors(self, region_code: str) -> list[Account]:
        """Supervising CPPCCs above: by division alone."""
        return self._recall(("supervisor", region_code), self._supervising, region_code)

    def unit(self, unit_id: int, *roles: str) -> list[Account]:
        """The people of a unit, wherever it lies."""
        rows = [("", account) for role in roles for account in self._by_unit.get((unit_id, role), ())]
        return self._recall(("unit", str(unit_id), *roles), rows, "")

    def _recall(self, key: tuple[str, ...], rows: list[tuple[str, Account]], code: str) -> list[Account]:
        if key not in self._found:
            found = {account.pk: account for prefix, account in rows if code.startswith(prefix)}
            self._found[key] = [found[pk] for pk in sorted(found)]
        return self._found[key]

    @cached_property
    def _mandates(self) -> list[Mandate]:
        rows = Mandate.objects.in_force(self.today).filter(account__is_active=True, account__is_system=False)
        return list(rows.select_related("account").order_by("pk"))

    @cached_property
    def _by_host(self) -> dict[tuple[int, str], list[tuple[str, Account]]]:
        found: dict[tuple[int, str], list[tuple[str, Account]]] = defaultdict(list)
        for row in self._mandates:
            found[row.host_id, row.role].append((prefix_of(row.region_code), row.account))
        return found

    @cached_property
    def _by_unit(self) -> dict[tuple[int, str], list[Account]]:
        found: dict[tuple[int, str], list[Account]] = defaultdict(list)
        for row in self._mandates:
            found[row.organisation_id, row.role].append(row.account)
        return found

    @cached_property
    def _supervising(self) -> list[tuple[str, Account]]:
        return [(prefix_of(row.region_code), row.account) for row in self._mandates if row.role == Role.SUPERVISOR]
