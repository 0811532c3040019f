"""What waits for a registrar: accounts that can do nothing, that are locked, whose mandate ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.web.words import say_moment
from members.models import Account, Mandate
from members.states import Role

from .kinds import Desk, Kind, from_day
from .rows import Row, branch

#: A mandate that ends within so many days is named.
AHEAD = timedelta(days=30)


def _kept(desk: Desk) -> QuerySet[Account]:
    return Account.objects.filter(home_id__in=desk.hosts(Role.REGISTRAR), is_system=False, is_active=True)


def _branch(rows: QuerySet[Account], kind: str, **columns: Any) -> QuerySet[Any]:
    values = {"uuid": F("uuid"), "title": F("display_name"), "host": F("home_id"), "who": F("username")}
    return branch(rows, kind, order=("pk",), **{**values, **columns})


def locked(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.REGISTRAR):
        return None
    return _branch(_kept(desk).filter(locked_until__gt=desk.now), "locked", moment=F("locked_until"))


def without_mandate(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.REGISTRAR):
        return None
    held = Mandate.objects.in_force(desk.today).filter(account=OuterRef("pk"))
    return _branch(_kept(desk).filter(~Exists(held)), "bare")


def ending(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.REGISTRAR):
        return None
    rows = Mandate.objects.in_force(desk.today).filter(
        account__in=_kept(desk), host_id__in=desk.hosts(Role.REGISTRAR), valid_to__lte=desk.today + AHEAD
    )
    return branch(
        rows,
        "ending",
        order=("valid_to", "pk"),
        uuid=F("account__uuid"),
        title=F("account__display_name"),
        host=F("host_id"),
        day=F("valid_to"),
        shade=F("role"),
        who=F("organisation__name"),
    )


def _why_ending(row: Row, desk: Desk) -> str:
    return _("%(role)s of %(unit)s") % {"role": Role(row.shade).label, "unit": row.who}


KINDS = (
    Kind(
        "locked",
        "",
        locked,
        gettext_lazy("Set a new password for %(title)s"),
        gettext_lazy("Set new passwords for %(count)s locked accounts"),
        pgettext_lazy("button", "New password"),
        "members:account_password",
        lambda row, desk: _("Five wrong passwords, locked until %(when)s") % {"when": say_moment(row.moment)},
        all_page="members:accounts",
    ),
    Kind(
        "bare",
        "",
        without_mandate,
        gettext_lazy("Grant %(title)s a mandate, or close the account"),
        gettext_lazy("%(count)s accounts hold no mandate"),
        pgettext_lazy("button", "Look"),
        "members:account",
        lambda row, desk: _("Account %(name)s: signs in, and can do nothing") % {"name": row.who},
        all_page="members:accounts",
    ),
    Kind(
        "ending",
        "",
        ending,
        gettext_lazy("Extend the mandate of %(title)s, or hand over"),
        gettext_lazy("%(count)s mandates end within 30 days"),
        pgettext_lazy("button", "Look"),
        "members:account",
        _why_ending,
        from_day,
        all_page="members:accounts",
    ),
)
