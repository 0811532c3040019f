"""Signing in, signing out, and one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from consult.web.views import FormPage
from members.forms import PasswordForm, SignInForm
from members.services import set_own_password

HOME = "desk:today"


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignIn(FormView):
    """Name and password; the same sentence whatever was wrong, so that nobody learns which names exist."""

    http_method_names = ["get", "head", "post", "options"]
    form_class = SignInForm
    template_name = "members/sign_in.html"

    def form_valid(self, form: SignInForm) -> HttpResponse:
        account = authenticate(self.request, **form.cleaned_data)
        if account is None:
            form.add_error(
                None,
                _(
                    "The account name or the password is not right. After 5 failures the account is locked for "
                    "30 minutes; the registrar can set a new password at once"
                ),
            )
            return self.render_to_response(self.get_context_data(form=form), status=422)
        login(self.request, account)
        if account.must_change_password:
            return redirect("members:password")
        return redirect(self._next())

    def _next(self) -> str:
        wanted = self.request.POST.get("next", "") or self.request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=self.request.is_secure())
        return wanted if safe and wanted.startswith("/") and "\t" not in wanted else resolve_url(HOME)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.POST.get("next", "") or self.request.GET.get("next", "")
        return super().get_context_data(next=wanted, **kwargs)


class SignOut(View):
    """POST only: a link that somebody sends signs nobody out. The browser's stores are emptied.

    ``emptied``: the page has emptied this account's, and somebody else's unsent records lie beside them.
    """

    http_method_names = ["post"]

    def post(self, request) -> HttpResponse:
        logout(request)
        response = redirect("members:sign_in")
        others = request.POST.get("emptied") == "1"
        response["Clear-Site-Data"] = '"cache"' if others else '"cache", "storage"'
        return response


class OwnPassword(FormPage):
    form_class = PasswordForm
    template_name = "members/password.html"
    heading = gettext_lazy("Change my password")
    submit_label = gettext_lazy("Change the password")

    def perform(self, form: PasswordForm) -> str:
        account = set_own_password(self.request.user, actor=self.request.user, **form.cleaned_data)
        update_session_auth_hash(self.request, account)
        return HOME

    def get_done_message(self, done: Any) -> str:
        return _("The password is changed")
