"""The host's settings: every limit, list and wording, with who set it and since when."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from consult.options.defaults import DEFAULTS
from consult.options.services import describe, get, headings_of, history, set_option
from consult.web.views import FormPage, HtmxPartialMixin
from members.forms import SectionsForm, SettingForm
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


class Sections(HostMixin, FormPage):
    """Order, headings and presence of the chapters of minutes; up and down are buttons, so that no script is needed."""

    host_roles = KEEPERS
    form_class = SectionsForm
    template_name, partial_template_name = "members/sections.html", "members/_sections.html"
    heading = gettext_lazy("Chapters of minutes")
    back_url = "members:settings"
    option = DEFAULTS["minutes.sections"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """A row goes up or down on the page; nothing is saved before the button that says so."""
        for way, by in (("up", -1), ("down", 1)):
            if key := request.POST.get(way):
                form = SectionsForm.moved(request.POST, self.option, key, by)
                return self.render_to_response(self.get_context_data(form=form, moved=key))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        host = kwargs.pop("host")
        return {**kwargs, "option": self.option, "rows": get(host.pk, self.option.key)}

    def perform(self, form: SectionsForm) -> str:
        set_option(
            self.host.pk, self.option.key, form.rows(), actor=self.request.user, since=form.cleaned_data["since"]
        )
        return "members:settings"

    def get_done_message(self, done: Any) -> str:
        return _("Saved. Minutes that were begun keep their chapters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {"row": row, "headings": headings_of(self.option, row.value)}
            for row in history(self.host.pk, self.option.key)
        ]
        return super().get_context_data(**{"history": rows, "host": self.host, **kwargs})
