"""The host's settings: every limit, list and wording, with who set it and since when."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from consult.options.defaults import DEFAULTS
from consult.options.services import describe, get, set_option
from consult.web.views import FormPage, HtmxPartialMixin
from members.forms import SettingForm
from members.states import Role
from members.views.hosts import HostMixin

KEEPERS = (Role.REGISTRAR, Role.OFFICE)


class Settings(HtmxPartialMixin, HostMixin, TemplateView):
    host_roles = KEEPERS
    template_name = "members/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups: dict[str, list[Any]] = {}
        for setting in describe(self.host.pk):
            groups.setdefault(str(setting.group_label), []).append(setting)
        return super().get_context_data(groups=groups.items(), host=self.host, **kwargs)


class SettingEdit(HostMixin, FormPage):
    host_roles = KEEPERS
    form_class = SettingForm
    heading = gettext_lazy("Change a setting")
    back_url = "members:settings"

    @property
    def option(self):
        try:
            return DEFAULTS[self.kwargs["key"]]
        except KeyError:
            raise Http404 from None

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        host = kwargs.pop("host")
        return {**kwargs, "option": self.option, "value": get(host.pk, self.option.key)}

    def perform(self, form: SettingForm) -> str:
        set_option(
            self.host.pk,
            self.option.key,
            form.clean_value(),
            actor=self.request.user,
            since=form.cleaned_data["since"],
        )
        return "members:settings"

    def get_done_message(self, done: Any) -> str:
        return _("Saved. Dates already promised are unchanged")
