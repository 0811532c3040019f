"""签到 for everybody: the page that the QR code opens, the page where six characters are typed, and the same as JSON.

The pages need no account, no cookie and no script. What lets somebody in is the code of the screen, and for the few
minutes of filling in the form a ticket that was made when it was opened; so the forms need no token against forgery.
Only the one tap of who has signed in with his account does, and has a door of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import View

from consult.dbclock import database_now
from consult.documents import qr_svg
from consult.errors import DomainError, Missing, WrongState
from consult.idempotency.failpoints import failpoint
from consult.text import typed
from consult.web.callers import caller_of
from consult.web.views.forms import put_errors
from sessions.forms.sign_in import CodeForm, ComeForm
from sessions.models import CheckIn, ConsultSession
from sessions.services import asking, sign_in, tries
from sessions.states import SessionState

LONGEST = 4096  # bytes of a signing in


def draw(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Without a request: its context processors would open the session of whoever comes. Kept by nobody.

    The address goes along to our own pages only (Referrer-Policy of all pages): a browser that tells nobody where it
    comes from sends forms from nowhere, and the one tap would be taken for a forgery.
    """
    response = HttpResponse(get_template(template).render(context), status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def refused(error: DomainError, session: ConsultSession | None = None) -> HttpResponse:
    """A sentence, and the way on."""
    host = session.host if session is not None else None
    running = session is None or session.state == SessionState.IN_PROGRESS
    response = draw(
        "signin/refused.html",
        {"sentence": str(error), "session": session, "host": host, "may_type": running},
        status=error.status,
    )
    return _later(response, error)


def _later(response: HttpResponse, error: DomainError) -> HttpResponse:
    """Who tried too often is told when to try again."""
    if isinstance(error, tries.TooOften):
        response.headers["Retry-After"] = str(tries.SPAN)
    return response


def code_of(request: HttpRequest, session: ConsultSession) -> dict[str, Any]:
    """What ``sessions/_sign_in_code.html`` draws: QR code, six characters, where to type them. Empty at other times."""
    code = sign_in.sign_in_code(session)
    if not code:
        return {}
    address = request.build_absolute_uri(sign_in.screen_link(session))
    return {
        "qr": qr_svg(address, _("QR code for signing in")),
        "code": code,
        "spelled": f"{code[:3]} {code[3:]}",
        "address": address,
        "type_at": request.build_absolute_uri(reverse("sign_in:code")),
    }


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class EnterCode(View):
    """Six characters from the screen, for who cannot scan."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return draw("signin/code.html", {"form": CodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                session = sign_in.find_by_code(form.cleaned_data["code"], caller=caller_of(request))
                return redirect(reverse("sign_in:open", args=[sign_in.screen_token(session, by_code=True)]))
            except DomainError as error:
                form.add_error("code", str(error))
                return _later(draw("signin/code.html", {"form": form}, status=error.status), error)
        return draw("signin/code.html", {"form": form}, status=422)


class Door(View):
    """What both doors of one session share: the code is good, the session runs."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.session: ConsultSession | None = None
        try:
            self.admission = sign_in.admit(kwargs["token"])
            rows = ConsultSession.objects.select_related("host", "room")
            self.session = rows.filter(uuid=self.admission.session_uuid).first()
            if self.session is None:
                raise sign_in.NotOurs
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return refused(error, self.session)

    def refuse_when_late(self, now: datetime) -> None:
        if self.session.state != SessionState.IN_PROGRESS:
            raise WrongState(sign_in.not_now(self.session.state))
        if not self.admission.still_good(now):
            raise sign_in.Expired


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Come(Door):
    """Opened by the QR code: name and class, or one tap for who is signed in with his account."""

    def get(self, request: Any, token: str) -> HttpResponse:
        now = database_now()
        self.refuse_when_late(now)
        form = ComeForm(
            session=self.session, initial={"key": uuid4(), "ticket": sign_in.ticket_for(self.admission, now)}
        )
        return self.show(request, form)

    def post(self, request: Any, token: str) -> HttpResponse:
        form = ComeForm(request.POST, session=self.session)
        if not form.is_valid():
            return self.show(request, form, status=422)
        words = form.cleaned_data
        ticket = sign_in.admit(words.pop("ticket"))
        if ticket.session_uuid != self.admission.session_uuid:
            raise sign_in.NotOurs
        try:
            claimed_at = read_moment(words.pop("claimed_at"))
            signed = sign_in.check_in(ticket, claimed_at=claimed_at, **words)
        except (Missing, ValidationError) as error:
            put_errors(form, error)
            return self.show(request, form, status=422)
        return redirect(reverse("sign_in:done", args=[signed.uuid]))

    def show(self, request: Any, form: Any, status: int = 200) -> HttpResponse:
        who = _account_of(request)
        line = sign_in.own_line(self.session, who) if who else None
        context = {
            "session": self.session,
            "host": self.session.host,
            "form": form,
            "account": who,
            "line": line,
            "token": self.kwargs["token"],
        }
        if who:
            context["csrf_token"] = get_token(request)
            context["key"] = uuid4()
        return draw("signin/come.html", context, status)


class OneTap(Door):
    """His own line, by who has signed in with his account."""

    http_method_names = ["post"]

    def post(self, request: Any, token: str) -> HttpResponse:
        ticket = sign_in.admit(request.POST.get("ticket", ""))
        if ticket.session_uuid != self.admission.session_uuid:
            raise sign_in.NotOurs
        said = {name: request.POST.get(name, "")[:40] for name in ("category", "listed_in")}
        signed = sign_in.check_in(ticket, actor=request.user, key=read_key(request.POST.get("key")), **said)
        return redirect(reverse("sign_in:done", args=[signed.uuid]))


@login_not_required
@require_safe
def done(request: Any, uuid: UUID) -> HttpResponse:
    """已签到. Who it was stands here for nobody: the page may lie open on a table."""
    rows = CheckIn.objects.select_related("session__host", "session__room", "participant")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        return refused(sign_in.NotOurs())
    line = row.participant
    line.session = row.session
    may_ask = row.taken_back_at is None and asking.may_ask(line)
    context = {"check_in": row, "session": row.session, "host": row.session.host}
    return draw("signin/done.html", {**context, "turn": asking.turn_of(line) if may_ask else None})


# the same as JSON -----------------------------------------------------------------------------------------------------


@csrf_exempt
@login_not_required
@require_POST
def check_in(request: HttpRequest) -> JsonResponse:
    """``{"token" or "code", "key", "name", "category"[, "claimed_at", "listed_in", "proxy_name", "proxy_reason"]}``.

    For programs of who has no account. What he sends is all that counts here: a cookie counts for nothing.
    """
    try:
        said = read_words(request, _SAID)
        key = read_key(said.pop("key", None))
        token, code = said.pop("token", ""), said.pop("code", "")
        claimed_at = read_moment(said.pop("claimed_at", ""))
        try:
            signed = sign_in.check_in(_admission(request, token, code), key=key, claimed_at=claimed_at, **said)
        except sign_in.NoSuchCode:
            # The session may be over meanwhile; who was signed in with this key hears so again.
            signed = sign_in.answered(key)
            if signed is None:
                raise
    except DomainError as error:
        return json_answer(error.as_dict(), error.status)
    except ValidationError as error:
        return json_answer({"code": "invalid", "detail": error.messages[0], "fields": error.message_dict}, 400)
    body = {"state": "present", "at": signed.at.isoformat(), "how": signed.how, "check_in": str(signed.uuid)}
    return json_answer(body, 201 if signed.is_new else 200)


def _admission(request: HttpRequest, token: str, code: str) -> sign_in.Admission:
    if token:
        return sign_in.admit(token)
    if not code:
        raise Missing(code=_("Scan the code on the screen, or type the six characters."))
    session = sign_in.find_by_code(code, caller=caller_of(request))
    return sign_in.admit(sign_in.screen_token(session, by_code=True))


_SAID = {"token", "code", "key", "name", "category", "claimed_at", "listed_in", "proxy_name", "proxy_reason"}


def read_words(request: HttpRequest, names: Collection[str]) -> dict[str, Any]:
    """A flat object of texts; what is not known is refused by name."""
    if request.content_type != "application/json":
        raise Missing(_("This is not JSON."))
    if len(request.body) > LONGEST:
        raise Missing(_("This is too long for signing in."))
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Missing(_("This is not JSON.")) from None
    if not isinstance(said, dict):
        raise Missing(_("This is not JSON."))
    for name, value in said.items():
        if name not in names:
            raise Missing({name[:40]: _("Nothing of this name is asked here.")})
        if value is not None and not isinstance(value, str):
            raise Missing({name: _("Write this as text.")})
    return {name: value or "" for name, value in said.items()}


def json_answer(body: dict[str, Any], status: int) -> JsonResponse:
    if status < 300:
        failpoint("after_commit")
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response


def read_key(text: Any) -> UUID:
    """The client's own key: without one, a second sending could not be told from the first."""
    key = typed.key_of(text)
    if key is None:
        raise Missing(key=_("The key of the sending is missing; open the page once more."))
    return key


def read_moment(text: Any) -> datetime | None:
    """What the phone says it is. Kept as its word; nothing depends on it, so nonsense is simply not kept."""
    try:
        moment = parse_datetime(str(text)[:40])
    except ValueError:
        return None
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment if moment is not None and 2000 <= moment.year <= 9000 else None


def _account_of(request: Any) -> Any:
    """Who has signed in with his account; the cookie is looked at only when there is one."""
    return request.user if request.user.is_authenticated else None


def redirect(url: str) -> HttpResponse:
    """Onward, once it is committed."""
    failpoint("after_commit")
    response = HttpResponseRedirect(url)
    response.headers["Cache-Control"] = "no-store"
    return response
