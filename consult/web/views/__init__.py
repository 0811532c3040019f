"""The doors of pages: list, detail, move, form. Each fetches through ``visible_to``, calls one service, answers."""

from consult.web.views.base import HtmxPartialMixin
from consult.web.views.detail import DetailPage
from consult.web.views.forms import FormPage, MovePage
from consult.web.views.lists import ListPage, Tab

__all__ = ["DetailPage", "FormPage", "HtmxPartialMixin", "ListPage", "MovePage", "Tab"]
