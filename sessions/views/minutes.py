"""纪要: read as a paper, checked by the machine, edited without losing a word, signed."""

from __future__ import annotations

import difflib
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.files.models import Attachment
from consult.files.services import store_file
from consult.files.views import serve
from consult.web.views import DetailPage, FormPage, MovePage
from sessions import services
from sessions.forms import DraftForm, ReviseForm
from sessions.models import Minutes
from sessions.states import MINUTES_WORKFLOW, MinutesState
from sessions.views import merging
from sessions.views.base import find, frame
from sessions.views.marking import changed_lines, count_changes, marked, remarks_on, slips_to_come


class MinutesPage(DetailPage):
    """The paper in the middle, checks and flow at its sides."""

    template_name, workflow = "sessions/minutes.html", MINUTES_WORKFLOW
    context_object_name = "minutes"
    shows_remarks = True

    def get_queryset(self) -> Any:
        return Minutes.objects.visible_to(self.request.user).for_detail()

    def get_actions(self) -> list[Any]:
        """Remarks have their own column; once the text went round it is not sent round again."""
        left_out = {"comment_minutes", "make_remark_link", "renew_remark_link", "revoke_remark_link"} | (
            {"circulate_minutes"} if self.object.circulated_at else set()
        )
        return [step for step in super().get_actions() if step.verb not in left_out]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes, reader = self.object, self.request.user
        session = find(reader, minutes.session.uuid)
        page = frame(session, reader, "minutes")
        body = minutes.body if page["sees_names"] else services.without_names(minutes.body, session)
        checks = services.check_minutes(minutes) if minutes.state != MinutesState.SIGNED else []
        remarks = remarks_on(minutes, reader) if self.shows_remarks else []
        points = list(session.consensus_points.order_by("topic_id", "number"))
        may_read_versions = reader.has_perm("consult_sessions.read_versions_minutes", minutes)
        return super().get_context_data(
            **{
                **page,
                "minutes": minutes,
                "heading": services.title_of(session),
                "paragraphs": marked(services.paragraphs_of(body), remarks),
                "remarks": remarks,
                "may_remark": "comment_minutes" in {step.verb for step in MINUTES_WORKFLOW.available(minutes, reader)},
                "may_link": minutes.circulated_at is not None
                and minutes.state != MinutesState.SIGNED
                and reader.has_perm(MINUTES_WORKFLOW.perm("make_remark_link"), minutes),
                "slips": slips_to_come(points),
                "may_read_versions": may_read_versions,
                "changes": latest_changes(minutes) if may_read_versions else 0,
                "checks": checks,
                "passed": sum(check.passed for check in checks),
                "due_on": services.minutes_due_on(session),
                "points": points,
                "versions": minutes.revisions.count(),
                "amendment": Minutes.objects.visible_to(reader).filter(amends=minutes).first(),
                "intact": minutes.state != MinutesState.SIGNED or services.is_intact(minutes),
                "scans": Attachment.objects.about(minutes),
                **kwargs,
            }
        )


class MinutesPaper(MinutesPage):
    """The same on A4."""

    template_name = "sessions/print_minutes.html"
    shows_remarks = False


class MinutesVersions(MinutesPage):
    """Every version, each with what it changed in the one before."""

    template_name = "sessions/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not context["may_read_versions"]:
            raise Http404  # what was struck out of a text is for those who work on it
        revisions = list(self.object.revisions.select_related("edited_by").order_by("version"))
        before = [""] + [revision.body for revision in revisions[:-1]]
        history = [
            {"revision": revision, "lines": changed_lines(old, revision.body)}
            for old, revision in zip(before, revisions, strict=True)
        ]
        return {**context, "history": history[::-1]}


def latest_changes(minutes: Minutes) -> int:
    """How many places the latest version changed."""
    before = minutes.revisions.filter(version=minutes.version - 1).values_list("body", flat=True).first()
    return count_changes(changed_lines(before, minutes.body)) if before is not None else 0


class MinutesSeal(DetailPage):
    """核对: does the text still match what was signed? And the exact text, for whoever wants to compute it himself."""

    template_name, context_object_name = "sessions/seal.html", "minutes"
    as_text = False

    def get_queryset(self) -> Any:
        return Minutes.objects.visible_to(self.request.user).signed().for_detail()

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.as_text:
            return super().get(request, *args, **kwargs)
        minutes = self.get_object()
        if not request.user.has_perm("consult_sessions.see_names_session", minutes.session):
            raise Http404
        response = HttpResponse(minutes.body.encode(), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, f"{minutes.number or minutes.uuid}.txt")
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes, reader = self.object, self.request.user
        return super().get_context_data(
            **{
                "session": minutes.session,
                "computed": services.seal_of(minutes),
                "intact": services.is_intact(minutes),
                "sees_names": reader.has_perm("consult_sessions.see_names_session", minutes.session),
                "size": len(minutes.body.encode()),
                "amendment": Minutes.objects.visible_to(reader).filter(amends=minutes).first(),
                **kwargs,
            }
        )


class MinutesFile(DetailPage):
    """The scan of a signed paper, for who may read the minutes with their names."""

    http_method_names = ["get", "head"]

    def get_queryset(self) -> Any:
        return Minutes.objects.visible_to(self.request.user)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        minutes = self.get_object()
        named = request.user.has_perm("consult_sessions.see_names_session", minutes.session)
        scan = Attachment.objects.about(minutes).filter(uuid=kwargs["file"]).first() if named else None
        if scan is None:
            raise Http404
        return serve(scan, request)


class StartMinutes(FormPage):
    """起草纪要: one button; the text is put together from the record."""

    form_class, template_name = DraftForm, "sessions/change.html"
    heading = gettext_lazy("Draft the minutes")
    submit_label = gettext_lazy("Put the text together")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        MINUTES_WORKFLOW.check(Minutes(session=self.session), "draft_minutes", actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.session, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        return services.draft_minutes(self.session, actor=self.request.user)

    def get_back_url(self) -> str:
        return self.session.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("The text is put together from roster, agenda, statements, consensus and reservations.")
        return super().get_context_data(**{"session": self.session, "explained": text, **kwargs})


class MinutesMove(MovePage):
    workflow, template_name = MINUTES_WORKFLOW, "sessions/minutes_move.html"

    def get_queryset(self) -> Any:
        return Minutes.objects.visible_to(self.request.user).for_detail()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "minutes": self.object, "reader": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        checks = services.check_minutes(self.object) if self.verb in ("file_minutes", "sign_minutes") else []
        open_checks = [check for check in checks if not check.passed]
        return super().get_context_data(**{"minutes": self.object, "checks": open_checks, **kwargs})


class SignMinutes(MinutesMove):
    """With the scan of the paper when the office records it; once signed, nothing is added any more."""

    def perform(self, form: Any) -> Any:
        scan = form.cleaned_data.pop("scan", None)
        with transaction.atomic():
            if scan:
                store_file(actor=self.request.user, subject=self.object, upload=scan, kind="scan", field="scan")
            return super().perform(form)


class ReviseMinutes(MinutesMove):
    """The text in a box. Whoever saves over an older version gets both texts side by side, and both words stay."""

    form_class, template_name = ReviseForm, "sessions/revise.html"
    partial_template_name = "sessions/_revise.html"
    theirs, body = False, ""
    undecided: list[int] = []
    chosen: dict[int, str] = {}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["minutes"], kwargs["reader"]
        take = self.request.POST.get("take") if self.request.method == "POST" else ""
        if take in ("mine", "theirs", "picked"):
            kwargs["data"] = self.request.POST.copy()
            kwargs["data"]["body"] = self.body if take == "picked" else self.request.POST.get("mine", "")
        return kwargs

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version, "body": self.object.body}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Of two texts side by side: theirs, one's own, what was chosen of each, or what stands in the box."""
        self.theirs = request.POST.get("take") == "theirs"
        if request.POST.get("take") == "picked":
            self.object = self.get_object()
            self.body, self.undecided, self.chosen = merging.picked(self.object, request.POST)
            if self.undecided:
                self.check()
                mine, base = request.POST.get("mine", ""), request.POST.get("base", "")
                stale = services.StaleMinutes(self.object, mine, int(base) if base.isdigit() else 0)
                return self.side_by_side(stale, status=422)
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> Any:
        if not self.theirs:
            return super().perform(form)
        return services.set_aside(self.object, actor=self.request.user, **form.cleaned_data)

    def get_done_message(self, done: Any) -> str:
        if self.theirs:
            return _("The text that was saved meanwhile stands; yours is kept among the versions")
        return super().get_done_message(done)

    def refused(self, form: Any, error: Any) -> HttpResponse:
        return self.side_by_side(error) if isinstance(error, services.StaleMinutes) else super().refused(form, error)

    def side_by_side(self, error: services.StaleMinutes, status: int = 409) -> HttpResponse:
        merged = ReviseForm(initial={"version": error.version, "body": both_texts(error.theirs, error.mine)})
        context = self.get_context_data(
            form=merged,
            stale=error,
            mine=changed_lines(error.base, error.mine),
            theirs=changed_lines(error.base, error.theirs),
            parts=merging.shown(error.base, error.theirs, error.mine, self.chosen),
            undecided=self.undecided,
        )
        return self.render_to_response(context, status=status)


def both_texts(theirs: str, mine: str) -> str:
    """One text with every line of both: where they differ, theirs stands first and mine follows."""
    ours, others = mine.splitlines(), theirs.splitlines()
    lines: list[str] = []
    for _kind, a, b, c, d in difflib.SequenceMatcher(None, others, ours, autojunk=False).get_opcodes():
        lines += others[a:b]
        if _kind != "equal":
            lines += ours[c:d]
    return "\n".join(lines)
