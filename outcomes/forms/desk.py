"""The four answers of a unit: not begun, how it goes, it is done, it cannot be done in time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outcomes.forms.assignments import ExtensionForm, ProgressForm, ReplyForm, StartForm
from outcomes.forms.fields import MoveForm

#: step -> verb, words on the switch, form
DESK_FORMS: dict[str, tuple[str, object, type[MoveForm]]] = {
    "begin": ("start", _("Not begun yet"), StartForm),
    "progress": ("add_progress", _("Being done"), ProgressForm),
    "done": ("reply", _("Done, please verify"), ReplyForm),
    "late": ("ask_extension", _("Cannot be done in time"), ExtensionForm),
}
