"""一键清: what waits for the reader, the most urgent first, and what he did in a year; both as one file, too."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import TemplateView, View

from consult.desk.queries import duty, phone
from consult.desk.queries.kinds import Desk
from consult.desk.queries.tasks import work_of
from consult.desk.views.phone.pages import PhonePage
from consult.documents.sheets import as_csv


def year_wanted(request: Any, years: list[int]) -> int:
    wanted = request.GET.get("year", "")
    if not wanted:
        return timezone.localdate().year
    if not (wanted.isascii() and wanted.isdigit() and int(wanted) in years):
        raise Http404
    return int(wanted)


class DutyRecord(PhonePage, TemplateView):
    """One's own open things, and one's own year, computed from the records."""

    template_name, tab = "phone/record.html", "record"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member = self.who.member
        context: dict[str, Any] = {"account": None, "work": work_of(Desk(self.request.user))}
        if member is not None:
            years = duty.years_of(member)
            year = year_wanted(self.request, years)
            account = duty.account_of(member, year)
            open_only = self.request.GET.get("show") == "waiting"
            deeds = [deed for deed in account.deeds if not (open_only and deed.verified)]
            context |= {"account": account, "years": years, "year": year, "deeds": deeds, "open_only": open_only}
        return super().get_context_data(**{**context, **kwargs})


class DutyFile(View):
    """导出履职清单: the same as a table. Kept by nobody, the telephone's worker included: it bears no account."""

    http_method_names = ["get", "head"]

    def get(self, request: Any) -> HttpResponse:
        member = phone.member_of(request.user)
        year = year_wanted(request, duty.years_of(member) if member else [])
        rows = [*self._open(request.user), *(self._done(member, year) if member else [])]
        heads = [pgettext("duty", "Kind"), _("Day"), pgettext("duty", "Matter"), pgettext("duty", "Note")]
        heads += [pgettext("score", "Points"), _("State")]
        response = HttpResponse(as_csv([heads, *rows]), content_type="text/csv; charset=utf-8")
        name = _("duty account %(name)s %(year)s") % {"name": request.user, "year": year}
        response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        add_never_cache_headers(response)
        return response

    def _open(self, reader: Any) -> list[list[Any]]:
        return [
            [
                pgettext("duty", "To be done"),
                task.due or "",
                task.title,
                task.why,
                "",
                pgettext("duty", "overdue") if task.late else pgettext("duty", "open"),
            ]
            for task in work_of(Desk(reader)).tasks
        ]

    def _done(self, member: Any, year: int) -> list[list[Any]]:
        return [
            [
                duty.KINDS[deed.kind][0],
                deed.on,
                deed.title,
                deed.note,
                deed.points,
                pgettext("duty", "Confirmed") if deed.verified else duty.WAITING,
            ]
            for deed in duty.account_of(member, year).deeds
        ]
