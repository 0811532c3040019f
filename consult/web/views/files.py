"""Looking at a file, hiding what nobody is to recognise, saying that the public may see it, taking it away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from consult.errors import NotAllowed
from consult.files import copies, disk, owners
from consult.files.drawing import MOST_BOXES, WHOLE
from consult.files.models import Attachment, AttachmentKind, CopyState
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
        return show(picture_of(attachment, self.size, format), FORMATS.get(format, ""))


class Copy(View):
    """The copy for the public, before it is public: for whoever may see the original."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, uuid: Any, copy: Any, size: str, format: str) -> HttpResponse:
        attachment = find(request.user, uuid)
        present = copies.present_copy(attachment)
        if present is None or present.uuid != copy or size not in ("full", "tile") or format not in FORMATS:
            raise Http404
        try:
            data = disk.copy_of(present.uuid, f"{size}.{format}").read_bytes()
        except OSError as error:
            raise disk.StorageDown from error
        return show(data, FORMATS[format])


class FilePage(FormPage):
    """A page about one file; where it belongs is asked of the app that owns it."""

    keeps = True

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.attachment = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        if not owners.may_keep(self.request.user, self.attachment):
            raise NotAllowed(_("Photos are made ready for the public by those who prepare the session, or the office."))

    def get_back_url(self) -> str:
        owner = owners.owner_of(self.attachment)
        subject = owners.subject_for(self.request.user, self.attachment)
        return owner.address(subject) if owner is not None and subject is not None else reverse("desk:today")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"attachment": self.attachment, "copy": copies.present_copy(self.attachment)}
        return super().get_context_data(**{**words, **kwargs})


class BoxForm(PlainForm):
    """One box in percent of the picture; a row without numbers is no box."""

    left = forms.DecimalField(label=gettext_lazy("From the left"), max_value=100, min_value=0, required=False)
    top = forms.DecimalField(label=gettext_lazy("From the top"), max_value=100, min_value=0, required=False)
    width = forms.DecimalField(label=gettext_lazy("Width"), max_value=100, min_value=0, required=False)
    height = forms.DecimalField(label=gettext_lazy("Height"), max_value=100, min_value=0, required=False)
    names = ("left", "top", "width", "height")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.names:
            self.fields[name].widget.attrs.update({"inputmode": "decimal", "step": "0.1", "class": "form-control"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get(name) for name in self.names]
        if any(number is not None for number in given) and not self.errors and None in given:
            raise ValidationError(_("A box needs all four numbers, or none."))
        return data

    @property
    def box(self) -> list[int] | None:
        given = [self.cleaned_data.get(name) for name in self.names]
        return None if None in given else [round(number * WHOLE / 100) for number in given]


class BaseBoxes(forms.BaseFormSet):
    """Every box of one picture; the errors of its rows stand above it, like those of any form."""

    prefix_word = "box"

    @property
    def fields(self) -> dict[str, Any]:
        return {}

    def add_error(self, _field: str | None, error: ValidationError) -> None:
        self.refused = [*getattr(self, "refused", []), *error.messages]

    def boxes(self) -> list[list[int]]:
        return [box for form in self.forms if (box := form.box) is not None]


Boxes = forms.formset_factory(
    BoxForm, formset=BaseBoxes, extra=SPARE_ROWS, max_num=MOST_BOXES, absolute_max=MOST_BOXES, validate_max=True
)


class Hide(FilePage):
    """Boxes over faces and plates: drawn by mouse, finger or keyboard, or written as numbers."""

    template_name, partial_template_name = "files/hide.html", "files/_hide.html"
    heading = gettext_lazy("Hide faces and plates")
    submit_label = gettext_lazy("Make the copy for the public")

    def check(self) -> None:
        super().check()
        if self.attachment.kind != AttachmentKind.PHOTO or not self.attachment.is_picture:
            raise Http404

    def get_form(self, form_class: Any = None) -> Any:
        if self.request.method == "POST":
            return Boxes(self.request.POST, prefix="box")
        present = copies.present_copy(self.attachment)
        boxes = present.boxes if present else []
        initial = [dict(zip(BoxForm.names, (n / 10 for n in box), strict=True)) for box in boxes]
        return Boxes(prefix="box", initial=initial)

    def perform(self, form: Any) -> Any:
        return copies.make_copy(self.attachment, actor=self.request.user, boxes=form.boxes())

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
        present = copies.present_copy(self.attachment)
        return {"copy": present.uuid if present else None}

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        if copies.present_copy(self.attachment) is None:
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
        if not owners.may_remove(self.request.user, self.attachment):
            raise NotAllowed(_("Files are taken away by whoever brought them or by the office."))

    def perform(self, form: Any) -> Any:
        copies.remove_file(self.attachment, actor=self.request.user, **form.cleaned_data)
        return self.get_back_url()

    def get_done_message(self, done: Any) -> str:
        return _("Taken away")
