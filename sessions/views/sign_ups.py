"""报名 by an address without an account: the page, its answer, the same as JSON; and the seats for who prepares.

Whoever opens the address reads what the notice says anyway; nobody reads who else has signed up. A cookie for this
address alone lets the same browser find its own answer again; without it a second sending is known by its key.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.generic import View

from consult.documents import qr_svg
from consult.errors import DomainError, Missing
from consult.text import typed
from consult.web.callers import caller_of
from consult.web.views.forms import put_errors
from sessions import services
from sessions.forms.sign_in import SignUpForm
from sessions.models import ConsultSession
from sessions.services import sign_ups, tries
from sessions.services.admission import NotOurs
from sessions.states import RECORD_WORKFLOW, SignUpState
from sessions.views.base import SmallAct, number_in
from sessions.views.sign_in import draw, json_answer, read_key, read_words, redirect, refused

BAD_LINKS = 60  # of one caller within ten minutes
SIGN_UPS = 100  # of one caller within ten minutes: a village may stand behind one address, nobody is a hundred people
_COOKIE, _KEPT = "consult_sign_up", 60 * 60 * 24 * 60  # seconds: sessions are not planned further ahead
_SAID = {"token", "key", "name", "category", "phone"}


def _session(request: HttpRequest, token: str) -> ConsultSession:
    try:
        return sign_ups.session_of(token)
    except NotOurs:
        tries.refuse_beyond(sign_up_links=(caller_of(request), BAD_LINKS))
        tries.note("sign_up_links", caller_of(request))
        raise


def _sign_up(request: HttpRequest, token: str, key: UUID, words: dict[str, Any]) -> sign_ups.Place:
    """Counted by caller; who sends again what was taken is not refused."""
    session = _session(request, token)
    known = sign_ups.place_by(session, key)
    if known is None:
        tries.refuse_beyond(sign_ups=(caller_of(request), SIGN_UPS))
    place = known or sign_ups.sign_up(token, key=key, **words)
    if place.is_new:
        tries.note("sign_ups", caller_of(request))
    return place


class _Door(View):
    """Reads the address first; every refusal is a sentence."""

    http_method_names = ["get", "head", "post"]
    session: ConsultSession | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            self.session = _session(request, kwargs["token"])
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return refused(error, self.session)


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Join(_Door):
    """Name and class; who has signed up with this browser finds his answer."""

    def get(self, request: Any, token: str) -> HttpResponse:
        known = self._known(request) if "again" not in request.GET else None
        if known is not None:
            return redirect(reverse("sign_in:joined", args=[token, known]))
        return self.show(SignUpForm(session=self.session, initial={"key": uuid4()}))

    def post(self, request: Any, token: str) -> HttpResponse:
        form = SignUpForm(request.POST, session=self.session)
        if not form.is_valid():
            return self.show(form, 422)
        words = dict(form.cleaned_data)
        try:
            place = _sign_up(request, token, words.pop("key"), words)
        except (Missing, ValidationError) as error:
            put_errors(form, error)
            return self.show(form, 422)
        response = redirect(reverse("sign_in:joined", args=[token, place.row.key]))
        here = reverse("sign_in:join", args=[token])
        response.set_cookie(
            _COOKIE, str(place.row.key), _KEPT, path=here, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
        return response

    def _known(self, request: Any) -> UUID | None:
        """The key in the cookie, if it is one of this session."""
        key = typed.key_of(request.COOKIES.get(_COOKIE))
        return key if key and self.session and sign_ups.place_by(self.session, key) else None

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        session: Any = self.session
        trouble = sign_ups.trouble_of(session)
        context = {"session": session, "host": session.host, "form": form, "trouble": trouble}
        return draw("signin/sign_up.html", context, 409 if trouble else status)


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Joined(_Door):
    """报上了, or 候补, and as which; his own page, on which he withdraws. Nobody's name stands on it."""

    def get(self, request: Any, token: str, uuid: UUID) -> HttpResponse:
        session: Any = self.session
        place = sign_ups.place_by(session, uuid)
        if place is None:
            raise NotOurs(_("This link is not complete. Scan the code once more, or copy the whole link."))
        may_withdraw = not sign_ups.trouble_of(session)
        context = {"session": session, "host": session.host, "place": place, "may_withdraw": may_withdraw}
        return draw("signin/signed_up.html", {**context, "token": token})

    def post(self, request: Any, token: str, uuid: UUID) -> HttpResponse:
        sign_ups.withdraw_by_link(token, key=uuid)
        return redirect(reverse("sign_in:joined", args=[token, uuid]))


@csrf_exempt
@login_not_required
@require_POST
def sign_up(request: HttpRequest) -> JsonResponse:
    """``{"token", "key", "name", "category"[, "phone"]}``, for programs of who has no account."""
    try:
        said = read_words(request, _SAID)
        key = read_key(said.pop("key", None))
        words = {name: said.get(name, "") for name in ("name", "category", "phone")}
        place = _sign_up(request, said.get("token", ""), key, words)
    except DomainError as error:
        return json_answer(error.as_dict(), error.status)
    except ValidationError as error:
        return json_answer({"code": "invalid", "detail": error.messages[0], "fields": error.message_dict}, 400)
    body = {"state": str(place.state), "place": place.number, "key": str(place.row.key)}
    return json_answer(body, 201 if place.is_new else 200)


# for who prepares the session -----------------------------------------------------------------------------------------


def sign_up_code(request: Any, session: ConsultSession) -> dict[str, Any]:
    """The address and its QR code; empty while nobody can sign up."""
    if sign_ups.trouble_of(session):
        return {}
    address = request.build_absolute_uri(sign_ups.sign_up_link(session))
    return {"address": address, "qr": qr_svg(address, _("QR code for signing up"))}


def seats_of(request: Any, session: ConsultSession) -> dict[str, Any]:
    """Seated and waiting in their order; empty for who does not prepare the session."""
    may = request.user.has_perm(RECORD_WORKFLOW.perm("withdraw_sign_up"), session)
    is_open = "offer_seats" in {step.verb for step in RECORD_WORKFLOW.available(session, request.user)}
    if not may or (session.seats is None and not is_open):
        return {}
    rows = [] if session.seats is None else list(session.sign_ups.all())
    return {
        "shows_seats": True,
        "may_offer_seats": is_open,
        "sign_up": sign_up_code(request, session),
        "seated": [row for row in rows if row.state == SignUpState.SEATED],
        "waiting": [row for row in rows if row.state == SignUpState.WAITING],
    }


class OfferSeats(SmallAct):
    """So many seats; nothing typed, and nobody signs up."""

    def act(self, request: Any) -> None:
        seats = number_in(request, "seats", sign_ups.MOST_SEATS)
        services.offer_seats(self.session, actor=request.user, seats=seats)

    def get_back_url(self) -> str:
        return f"{self.session.get_absolute_url()}#seats"


class WithdrawSignUp(OfferSeats):
    def act(self, request: Any, line: Any) -> None:  # type: ignore[override]  # the line stands in the address
        services.withdraw_sign_up(self.line(self.session.sign_ups.all(), line), actor=request.user)
