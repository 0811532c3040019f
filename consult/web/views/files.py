"""Looking at a file, hiding what nobody is to recognise, saying that the public may see it, taking it away."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from consult.files import copies, disk, owners
from consult.files.drawing import MOST_BOXES, WHOLE
from consult.files.models import Attachment, CopyState
from consult.files.placeholder import placeholder
from consult.files.tiles import FORMATS, picture_of
from consult.files.views import serve, show
from consult.web.forms import PlainForm, ReasonField
from consult.web.views.forms import FormPage

#: Rows of the form that are empty at first; with a script there are as many as are drawn.
SPARE_ROWS = 3


def find(reader: Any, uuid: Any) -> Attachment:
    """What is not his to see does not exist."""
    found = Attachment.objects.kept().prefetch_related("copies").filter(uuid=uuid).first()
    if found is None or not owners.may_read(reader, found):
        raise Http404
    return found


class Download(View):
    """The file as it was handed in."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, uuid: Any) -> HttpResponseBase:
        return serve(find(request.user, uuid), request)


class Tile(View):
    """A smaller picture of it."""

    http_method_names = ["get", "head"]
    size = "tile"

    def get(self, request: HttpRequest, uuid: Any, format: str) -> HttpResponse:
        attachment = find(request.user, uuid)
        try:
            return show(picture_of(attachment, self.size, format), FORMATS.get(format, ""))
        except disk.StorageDown as error:
            answer = show(placeholder(format), FORMATS[format])  # the page around it goes on
            answer.status_code = error.status
            return answer


class Copy(View):
    """The copy for the public, before it is public: for whoever may see the original."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, uuid: Any, copy: Any, size: str, format: str) -> HttpResponse:
        attachment = find(request.user, uuid)
        present = attachment.present_copy
        if present is None or present.uuid != copy or size not in ("full", "tile") or format not in FORMATS:
            raise Http404
        try:
            data = disk.copy_of(present.uuid, f"{size}.{format}").read_bytes()
        except OSError as error:
            raise disk.StorageDown from error
        return show(data, FORMATS[format])


class FilePage(FormPage):
    """A page about one file; where it belongs is asked of the app that owns it."""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.attachment = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        copies.refuse_stranger(self.attachment, self.request.user)

    def get_back_url(self) -> str:
        owner = owners.owner_of(self.attachment)
        subject = owners.subject_for(self.request.user, self.attachment)
        return owner.address(subject) if owner is not None and subject is not None else reverse("desk:today")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"attachment": self.attachment, "copy": self.attachment.present_copy}
        return super().get_context_data(**{**words, **kwargs})


class BoxesForm(PlainForm):
    """Boxes in percent of the picture, one row each; a row without numbers is no box."""

    names = ("left", "top", "width", "height")
    labels = {
        "left": gettext_lazy("From the left"),
        "top": gettext_lazy("From the top"),
        "width": gettext_lazy("Width"),
        "height": gettext_lazy("Height"),
    }

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(rows, MOST_BOXES)
        for row in range(self.count):
            for name in self.names:
                field = forms.DecimalField(label=self.labels[name], min_value=0, max_value=100, required=False)
                field.widget.attrs.update({"inputmode": "decimal", "step": "0.1", "class": "form-control"})
                self.fields[f"b{row}_{name}"] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: the number of the box and its four fields."""
        return [
            {"number": row + 1, "fields": [self[f"b{row}_{name}"] for name in self.names]} for row in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.boxes: list[list[int]] = []
        for row in range(self.count):
            given: list[Any] = [data.get(f"b{row}_{name}") for name in self.names]
            if all(number is not None for number in given):
                self.boxes.append([round(number * WHOLE / 100) for number in given])
            elif any(number is not None for number in given):
                missing = next(name for name, number in zip(self.names, given, strict=True) if number is None)
                if f"b{row}_{missing}" not in self.errors:
                    self.add_error(f"b{row}_{missing}", _("A box needs all four numbers, or none."))
        return data

    @classmethod
    def numbers_of(cls, boxes: Any) -> dict[str, Any]:
        """Thousandths as the form shows them."""
        return {
            f"b{row}_{name}": number / 10
            for row, box in enumerate(boxes)
            for name, number in zip(cls.names, box, strict=True)
        }


_BOX = re.compile(r"^b(\d{1,2})_left$")


class Hide(FilePage):
    """Boxes over faces and plates: drawn by mouse, finger or keyboard, or written as numbers."""

    template_name, partial_template_name = "files/hide.html", "files/_hide.html"
    heading = gettext_lazy("Hide faces and plates")
    submit_label = gettext_lazy("Make the copy for the public")

    def check(self) -> None:
        super().check()
        if not self.attachment.may_be_copied:
            raise Http404

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a script further rows are asked for by a button; nothing typed so far is lost."""
        if "more" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.check()
        typed = {name: request.POST[name] for name in request.POST if name.startswith("b")}
        return self.render_to_response(
            self.get_context_data(form=BoxesForm(rows=self._rows() + SPARE_ROWS, initial=typed))
        )

    def get_form(self, form_class: Any = None) -> Any:
        if self.request.method == "POST":
            return BoxesForm(self.request.POST, rows=self._rows())
        present = self.attachment.present_copy
        boxes = present.boxes if present else []
        return BoxesForm(rows=len(boxes) + SPARE_ROWS, initial=BoxesForm.numbers_of(boxes))

    def _rows(self) -> int:
        numbers = [int(found[1]) for name in self.request.POST if (found := _BOX.match(name))]
        return max(numbers, default=-1) + 1

    def perform(self, form: Any) -> Any:
        return copies.make_copy(self.attachment, actor=self.request.user, boxes=form.boxes)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        present = context["copy"]
        return {**context, "boxes": present.boxes if present else [], "most": MOST_BOXES}

    def get_next_url(self, done: Any) -> str:
        return reverse("files:release", args=[self.attachment.uuid])

    def get_done_message(self, done: Any) -> str:
        return _("The copy is made. Look through it before the public may see it.")


class ReleaseForm(PlainForm):
    copy = forms.UUIDField(widget=forms.HiddenInput)
    looked_through = forms.BooleanField(
        label=gettext_lazy("I have looked through this copy: no face, no plate, no name can be recognised"),
        required=False,
    )


class Release(FilePage):
    """The copy as the public would see it, and the yes of who has looked through it."""

    form_class = ReleaseForm
    template_name, partial_template_name = "files/release.html", "files/_release.html"
    heading = gettext_lazy("May the public see this?")
    submit_label = gettext_lazy("The public may see it")

    def get_initial(self) -> dict[str, Any]:
        present = self.attachment.present_copy
        return {"copy": present.uuid if present else None}

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        if self.attachment.present_copy is None:
            return self.go(reverse("files:hide", args=[self.attachment.uuid]))
        return super().get(request, *args, **kwargs)

    def perform(self, form: Any) -> Any:
        words = form.cleaned_data
        copies.release_copy(self.attachment, actor=self.request.user, **words)
        return self.get_back_url()

    def get_done_message(self, done: Any) -> str:
        return _("Notices may show this photo now")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        present = context["copy"]
        return {**context, "released": present is not None and present.state == CopyState.RELEASED}


class ReasonForm(PlainForm):
    reason = ReasonField(max_length=copies.REASON)


class Withdraw(FilePage):
    """The public may not see it any more."""

    form_class = ReasonForm
    heading = gettext_lazy("Take the photo out of public sight")
    submit_label = gettext_lazy("Take it out")

    def perform(self, form: Any) -> Any:
        copies.withdraw_copy(self.attachment, actor=self.request.user, **form.cleaned_data)
        return self.get_back_url()


class Remove(FilePage):
    """A file that should not have been kept."""

    form_class = ReasonForm
    heading = gettext_lazy("Take the file away")
    submit_label = gettext_lazy("Take it away")

    def check(self) -> None:
        copies.refuse_remover(self.attachment, self.request.user)

    def perform(self, form: Any) -> Any:
        copies.remove_file(self.attachment, actor=self.request.user, **form.cleaned_data)
        return self.get_back_url()

    def get_done_message(self, done: Any) -> str:
        return _("Taken away")
