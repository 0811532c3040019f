"""朱批 and 会签 on minutes: remarks at the words they are about, answers, and words that are taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View

from consult.errors import DomainError
from consult.web.trouble import answer
from sessions import services
from sessions.forms import AnswerForm, CommentForm
from sessions.models import Minutes, MinutesComment
from sessions.views.minutes import MinutesMove


class CommentMinutes(MinutesMove):
    """A remark; the paragraph may be chosen already by the link beside it."""

    form_class, template_name = CommentForm, "sessions/comment.html"

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("line", "")
        return {"line_number": wanted} if wanted.isascii() and wanted.isdigit() else {}

    def get_done_message(self, done: Any) -> str:
        return _("The remark is noted")

    def get_next_url(self, done: Any) -> str:
        return f"{self.get_back_url()}#remark-{done.number}"


class AnswerComment(MinutesMove):
    """One remark and its answer."""

    form_class, template_name = AnswerForm, "sessions/answer_comment.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.comment = comment_of(request.user, kwargs["uuid"], kwargs["line"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["minutes"], kwargs["reader"]
        return kwargs

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.comment.answer, "proposed": self.comment.proposed}

    def perform(self, form: Any) -> Any:
        return services.answer_comment(self.comment, actor=self.request.user, **form.cleaned_data)

    def get_next_url(self, done: Any) -> str:
        return f"{self.get_back_url()}#remark-{self.comment.number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"comment": self.comment, "draft": f"answer-{self.comment.uuid}"}
        return super().get_context_data(**{**words, **kwargs})


class AdoptComment(View):
    """采用这句: one button, one new version."""

    http_method_names = ["post"]

    def post(self, request: Any, uuid: Any, line: Any) -> HttpResponse:
        comment = comment_of(request.user, uuid, line)
        try:
            services.adopt_comment(comment, actor=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
        except DomainError as error:
            return answer(request, error)
        else:
            messages.success(request, _("The words stand in the text now"))
        return HttpResponseRedirect(f"{comment.minutes.get_absolute_url()}#remark-{comment.number}")


def comment_of(reader: Any, uuid: Any, line: Any) -> MinutesComment:
    seen = Minutes.objects.visible_to(reader).filter(uuid=uuid)
    rows = MinutesComment.objects.filter(minutes__in=seen.values("pk"), uuid=line)
    found = rows.select_related("minutes__session", "answered_by").first()
    if found is None or not reader.has_perm("consult_sessions.comment_minutes_minutes", found.minutes):
        raise Http404
    return found
