"""The registrar's pages: accounts, mandates, first passwords."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.errors import NotAllowed
from consult.regions import names_of
from consult.web.forms import PlainForm
from consult.web.views import DetailPage, FormPage, ListPage, Tab
from consult.web.views.detail import ByUuid
from members import services
from members.filters import AccountFilter
from members.forms import AccountForm, EndForm, MandateForm, NewAccountForm
from members.models import Account, Mandate
from members.states import Role
from members.views.hosts import HostMixin


def kept_by(reader: Account):
    """Accounts of the CPPCCs whose registrar the reader is."""
    return Account.objects.filter(home_id__in=reader.host_ids(Role.REGISTRAR), is_system=False)


class AccountList(ListPage):
    template_name, partial_template_name = "members/account_list.html", "members/_accounts.html"
    filterset_class = AccountFilter
    ordering = ("username", "pk")
    tab_param = "standing"
    tabs = (
        Tab("", gettext_lazy("Signing in"), Q(is_active=True)),
        Tab("left", gettext_lazy("Left"), Q(is_active=False)),
    )

    def get_queryset(self):
        if not self.request.user.host_ids(Role.REGISTRAR):
            raise NotAllowed()
        return kept_by(self.request.user).prefetch_related("mandates__organisation")


class AccountDetail(DetailPage):
    template_name = "members/account.html"

    def get_queryset(self):
        return kept_by(self.request.user).select_related("home", "employer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mandates = list(self.object.mandates.select_related("organisation", "host").order_by("-valid_from", "-pk"))
        names = names_of([mandate.region_code for mandate in mandates])
        rows = [(mandate, names.get(mandate.region_code, mandate.region_code)) for mandate in mandates]
        first_password = self.request.session.pop(f"first-password-{self.object.pk}", "")
        return super().get_context_data(mandates=rows, first_password=first_password, **kwargs)


class _KeptMixin(ByUuid, HostMixin):
    """A form about one account of the registrar's own CPPCC."""

    host_roles = (Role.REGISTRAR,)

    def get_queryset(self):
        return kept_by(self.request.user)

    def setup(self, request, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = self.get_object() if request.user.is_authenticated else None

    def get_back_url(self) -> str:
        return self.object.get_absolute_url()

    def keep_password(self, account: Account, password: str) -> Account:
        """Shown once on the next page, then forgotten."""
        self.request.session[f"first-password-{account.pk}"] = password
        return account


class AccountNew(HostMixin, FormPage):
    host_roles = (Role.REGISTRAR,)
    form_class = NewAccountForm
    heading = gettext_lazy("Open an account")
    submit_label = gettext_lazy("Open the account")
    back_url = "members:accounts"

    def check(self) -> None:
        self.host  # noqa: B018  refuses whoever is no registrar

    def perform(self, form: NewAccountForm) -> Account:
        account, password = services.open_account(actor=self.request.user, home=self.host, **form.cleaned_data)
        self.request.session[f"first-password-{account.pk}"] = password
        return account

    def get_done_message(self, done: Any) -> str:
        return _("The account is open. Hand over the first password shown below")


class AccountEdit(_KeptMixin, FormPage):
    form_class = AccountForm
    heading = gettext_lazy("Correct the account")

    def get_initial(self) -> dict[str, Any]:
        one = self.object
        return {"display_name": one.display_name, "phone": one.phone, "email": one.email, "employer": one.employer_id}

    def perform(self, form: AccountForm) -> Account:
        return services.change_account(self.object, actor=self.request.user, **form.cleaned_data)


class MandateNew(_KeptMixin, FormPage):
    form_class = MandateForm
    heading = gettext_lazy("Grant a mandate")
    submit_label = gettext_lazy("Grant the mandate")

    def perform(self, form: MandateForm) -> Account:
        services.grant_mandate(self.object, actor=self.request.user, **form.cleaned_data)
        return self.object


class _PlainKept(_KeptMixin, FormPage):
    form_class = PlainForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("host")
        return kwargs


class MandateEnd(_PlainKept):
    form_class = EndForm
    heading = gettext_lazy("End the mandate")
    submit_label = gettext_lazy("End the mandate")

    def perform(self, form: EndForm) -> Account:
        mandate = get_object_or_404(Mandate, uuid=self.kwargs["mandate"], account=self.object)
        services.end_mandate(mandate, actor=self.request.user, **form.cleaned_data)
        return self.object


class PasswordReset(_PlainKept):
    heading = gettext_lazy("Set a new first password")
    submit_label = gettext_lazy("Set a new password")

    def perform(self, form: PlainForm) -> Account:
        return self.keep_password(*services.reset_password(self.object, actor=self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("The present password stops working. The new one is shown once; hand it over in person")
        return super().get_context_data(consequence=words, **kwargs)


class AccountClose(_PlainKept):
    form_class = EndForm
    heading = gettext_lazy("Close the account")
    submit_label = gettext_lazy("Close the account")

    def perform(self, form: EndForm) -> Account:
        return services.close_account(self.object, actor=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("All mandates end and signing in is no longer possible. Hand over what is still open first")
        return super().get_context_data(consequence=words, **kwargs)


class AccountReopen(_PlainKept):
    heading = gettext_lazy("Open the account again")
    submit_label = gettext_lazy("Open it again")

    def perform(self, form: PlainForm) -> Account:
        return self.keep_password(*services.reopen_account(self.object, actor=self.request.user))
