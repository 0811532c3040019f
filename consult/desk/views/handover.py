"""移交: the registrar's page, reached from the account."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from consult.desk.handover import Pile, hand_over, open_piles, posts_held, successors
from consult.errors import NotAllowed
from consult.web.forms import PlainForm
from consult.web.views import FormPage
from consult.web.views.detail import ByUuid
from members.models import Account
from members.states import Role


class HandoverForm(PlainForm):
    """One successor for each pile."""

    def __init__(self, *args: Any, piles: list[Pile], account: Account, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pile in piles:
            self.fields[pile.key] = forms.ModelChoiceField(
                queryset=successors(pile.sort, account, actor),
                required=False,
                label=pile.label,
                help_text=_say(pile),
                empty_label=_("Stays as it is for now"),
                to_field_name="uuid",
            )
            self.fields[pile.key].widget.attrs["class"] = "form-select"


def _say(pile: Pile) -> str:
    words = _("%(count)s open") % {"count": pile.count}
    return f"{words}{pgettext('separator', ': ')}{'、'.join(pile.numbers)}" if pile.numbers else words


class Handover(ByUuid, FormPage):
    """Kinds, numbers and counts: the registrar has no sight of the procedure."""

    form_class, template_name = HandoverForm, "desk/handover.html"
    heading = pgettext_lazy("desk", "Hand over")
    submit_label = pgettext_lazy("desk", "Hand over")

    def get_queryset(self) -> Any:
        kept = Account.objects.filter(home_id__in=self.request.user.host_ids(Role.REGISTRAR), is_system=False)
        return kept.select_related("home")

    @cached_property
    def account(self) -> Account:
        return self.get_object()

    @cached_property
    def piles(self) -> list[Pile]:
        return open_piles(self.account, self.request.user)

    def check(self) -> None:
        if not self.request.user.has_perm("members.keep_account", self.account):
            raise NotAllowed(_("Nobody hands over his own work here; ask the other registrar."))

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"piles": self.piles, "account": self.account, "actor": self.request.user}
        return {**super().get_form_kwargs(), **more}

    def perform(self, form: HandoverForm) -> Account:
        self.moved = hand_over(self.account, actor=self.request.user, to=form.cleaned_data)
        return self.account

    def get_done_message(self, done: Any) -> str:
        return _("%(count)s handed over") % {"count": sum(self.moved.values())}

    def get_back_url(self) -> str:
        return self.account.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"object": self.account, "piles": self.piles, "posts": posts_held(self.account)}
        return super().get_context_data(**{**words, **kwargs})
