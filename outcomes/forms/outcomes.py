"""What each move of an outcome asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.files.models import AttachmentKind
from consult.web.forms import Checks, CleanCharField, CleanTextField, LinesField, ReasonField
from outcomes.forms.fields import FilesField, MoveForm
from outcomes.states import ProductKind, RaiserVerdict
from topics.states import About

#: Rows for benefits that a page shows; one more than is filled in, and never fewer than three.
FEWEST_ROWS, MOST_ROWS = 3, 12
COLUMNS = ("what", "amount", "about", "unit")
NEEDED = {"what": _("Say what it is."), "amount": _("Say how many."), "unit": _("Name the unit of measure.")}


class Benefits(MoveForm):
    """Rows of what residents got: what, how many, of what unit."""

    def prepare(self) -> None:
        known = list(self.subject.benefits.all()) if self.subject.pk else []
        self.row_count = min(MOST_ROWS, max(FEWEST_ROWS, len(known) + 1))
        for n in range(self.row_count):
            self._add_row(n, known[n] if n < len(known) else None)

    def _add_row(self, n: int, benefit: Any) -> None:
        rows = {
            "what": CleanCharField(label=_("What"), max_length=60, required=False),
            "amount": forms.DecimalField(
                label=_("How many"), min_value=0, max_digits=14, decimal_places=2, required=False
            ),
            "about": forms.ChoiceField(
                label=_("The figure is"), choices=[("", _("exact")), *About.choices], required=False
            ),
            "unit": CleanCharField(label=_("Unit"), max_length=10, required=False),
        }
        for name, field in rows.items():
            css = "form-select" if name == "about" else "form-control"
            field.widget.attrs["class"] = css
            field.widget.use_required_attribute = lambda initial: False
            self.fields[f"benefit{n}_{name}"] = field
            if benefit is not None:
                self.initial.setdefault(f"benefit{n}_{name}", getattr(benefit, name))

    @property
    def benefit_rows(self) -> list[list[Any]]:
        """For the template."""
        return [[self[f"benefit{n}_{name}"] for name in COLUMNS] for n in range(self.row_count)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["benefits"] = [row for n in range(self.row_count) if (row := self._take_row(data, n))]
        return data

    def _take_row(self, data: dict[str, Any], n: int) -> dict[str, Any] | None:
        row = {name: data.pop(f"benefit{n}_{name}", None) for name in COLUMNS}
        if row["amount"] is None and not row["what"] and not row["unit"]:
            return None
        for name, sentence in NEEDED.items():
            if row[name] in (None, "") and f"benefit{n}_{name}" not in self.errors:
                self.add_error(f"benefit{n}_{name}", sentence)
        return row


class DraftOutcomeForm(Benefits):
    """``subject`` is the outcome to be drafted or edited."""

    effects = forms.MultipleChoiceField(label=_("Effects"), choices=[], required=False, widget=Checks)
    summary = CleanTextField(
        label=_("What it came to"), max_length=3000, rows=8, help_text=_("Begins with the consensus points.")
    )
    product_kind = forms.ChoiceField(label=_("Its kind"), required=False, choices=[])
    product_title = CleanCharField(label=_("Its title"), max_length=100, required=False)
    product_text = CleanTextField(label=_("Its text"), max_length=5000, rows=6, required=False)
    product_duties = LinesField(
        label=_("Duties of the parties"),
        each=150,
        most=20,
        required=False,
        help_text=_("One a line, the party first: “village committee: collect the fee”."),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["effects"].choices = options.words(self.subject.host_id, "lists.effects")
        self.fields["product_kind"].choices = [("", _("None")), *ProductKind.choices]
        if self.subject.pk:
            self._fill()
        else:
            points = self.subject.topic.consensus_points.order_by("number")
            self.initial.setdefault("summary", "\n".join(f"{p.number}. {p.text}" for p in points))

    def _fill(self) -> None:
        self.initial |= {"effects": self.subject.effects, "summary": self.subject.summary} | self.initial
        product = self.subject.products.first()
        if product is not None:
            self.initial |= {
                "product_kind": product.kind,
                "product_title": product.title,
                "product_text": product.text,
                "product_duties": [f"{duty['party']}：{duty['duty']}" for duty in product.duties],
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind, title, text = (data.pop(f"product_{name}", "") for name in ("kind", "title", "text"))
        duties = [_duty(line) for line in data.pop("product_duties", None) or []]
        data["products"] = [{"kind": kind, "title": title, "text": text, "duties": duties}] if kind else []
        if kind:
            for name, value in (("title", title), ("text", text)):
                if not value and f"product_{name}" not in self.errors:
                    self.add_error(f"product_{name}", _("A long-term product has a title and a text."))
        elif title or text or duties:
            self.add_error("product_kind", _("Say what kind of product it is."))
        return data


def _duty(line: str) -> dict[str, str]:
    for colon in ("：", ":"):
        party, found, duty = line.partition(colon)
        if found:
            return {"party": party.strip(), "duty": duty.strip()}
    return {"party": "", "duty": line}


class SubmitForm(MoveForm):
    submitted_to = LinesField(label=_("Submitted to"), each=100, most=10)


class AdoptForm(MoveForm):
    adopted_by = CleanCharField(
        label=_("Who gave the instruction"), max_length=100, help_text=_("The post, not the name.")
    )
    instruction = CleanTextField(label=_("Words of the instruction"), max_length=500)
    files = FilesField(kind=AttachmentKind.SCAN, label=_("Scan of the instruction"))


class NoteForm(MoveForm):
    """Only the day."""


class NothingForm(MoveForm):
    reason = ReasonField(max_length=300)


class TotalsForm(MoveForm):
    """Totals as counted, process and result apart."""

    def prepare(self) -> None:
        for what in ("process", "result"):
            for grade, label in RaiserVerdict.choices:
                field = forms.IntegerField(label=label, min_value=0, max_value=1_000_000, initial=0)
                field.widget.attrs["class"] = "form-control"
                field.widget.use_required_attribute = lambda initial: False
                self.fields[f"{what}_{grade}"] = field

    @property
    def process_fields(self) -> list[Any]:
        return [self[f"process_{grade}"] for grade in RaiserVerdict.values]

    @property
    def result_fields(self) -> list[Any]:
        return [self[f"result_{grade}"] for grade in RaiserVerdict.values]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for what in ("process", "result"):
            data[what] = tuple(data.pop(f"{what}_{grade}", None) or 0 for grade in RaiserVerdict.values)
        return data


class PaperFormsForm(TotalsForm):
    """A pile of paper forms; it adds to the answers by link and to earlier piles."""

    of_invited = forms.IntegerField(
        label=_("Of these, from people who hold a slip or a link"),
        min_value=0,
        max_value=1_000_000,
        initial=0,
        help_text=_("So many invitations are used up: nobody is counted twice."),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    files = FilesField(kind=AttachmentKind.SCAN, label=_("Scan of the forms"))


class SatisfactionForm(TotalsForm):
    """The last totals, and the raiser's own word; with it the figures stand."""

    raiser_result = forms.ChoiceField(
        label=_("The raiser says of the result"),
        choices=[("", _("Not asked yet, or no answer")), *RaiserVerdict.choices],
        required=False,
        help_text=_("“Not satisfied” reopens the work unless an explanation is filed in time."),
    )


class ExplainForm(MoveForm):
    explanation = CleanTextField(
        label=_("Explanation to the raiser"), max_length=1000, help_text=_("It is shown with the result.")
    )


OUTCOME_FORMS: dict[str, type[MoveForm]] = {
    "edit_outcome": DraftOutcomeForm,
    "submit_outcome": SubmitForm,
    "adopt_outcome": AdoptForm,
    "note_outcome": NoteForm,
    "nothing_to_assign": NothingForm,
    "record_benefits": Benefits,
    "enter_forms": PaperFormsForm,
    "record_satisfaction": SatisfactionForm,
    "explain_dissatisfaction": ExplainForm,
}
