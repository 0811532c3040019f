"""Forms about people. They only read input; writing is the services'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.web.forms import CleanCharField, DayField, LinesField, PhoneField, PlainForm, RegionField
from members.models import Member, Organisation
from members.states import Gender, OrganisationKind, Role


class SignInForm(PlainForm):
    username = forms.CharField(
        label=_("Account name"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(PlainForm):
    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        help_text=_("At least 8 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("The two new passwords differ. Type the new one twice alike"))
        data.pop("again", None)
        return data


class HostForm(PlainForm):
    """A form of one host: choices are narrowed to its rows."""

    def __init__(self, *args: Any, host: Organisation, **kwargs: Any) -> None:
        self.host = host
        super().__init__(*args, **kwargs)

    def units(self):
        return Organisation.objects.of_host(self.host.pk).open().order_by("name")


class AccountForm(HostForm):
    display_name = CleanCharField(label=_("Name shown"), max_length=60)
    phone = PhoneField(label=_("Telephone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=200)
    employer = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Employer"),
        required=False,
        help_text=_("Declared interest: nobody verifies what his own employer handled."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = self.units()


class NewAccountForm(AccountForm):
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{3,50}$",
        label=_("Account name"),
        help_text=_("3 to 50 letters, digits, dots or dashes."),
        error_messages={"invalid": _("Use 3 to 50 letters, digits, dots or dashes")},
    )
    field_order = ["username", "display_name", "phone", "email", "employer"]


class MandateForm(HostForm):
    role = forms.ChoiceField(choices=Role.choices, label=_("Role"))
    organisation = forms.ModelChoiceField(queryset=Organisation.objects.none(), label=_("Organisation"))
    region_code = RegionField(label=_("Division"), levels=(2, 3, 4, 5))
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from today."))
    valid_to = DayField(label=_("Until"), required=False, help_text=_("Empty: until it is ended."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = self.units()
        self.fields["region_code"].narrow([self.host.region_code])


class EndForm(PlainForm):
    on = DayField(label=_("On which day"), required=False, help_text=_("Empty: at once."))


class OrganisationForm(HostForm):
    kind = forms.ChoiceField(
        choices=[choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.CPPCC], label=_("Kind")
    )
    name = CleanCharField(label=_("Name"), max_length=100)
    short_name = CleanCharField(label=_("Short name"), max_length=30, required=False)
    region_code = RegionField(label=_("Division"), levels=(2, 3, 4, 5))
    phone = CleanCharField(label=_("Telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].narrow([self.host.region_code])


class MemberForm(HostForm):
    name = CleanCharField(label=_("Name"), max_length=60)
    gender = forms.ChoiceField(choices=[("", _("Not given")), *Gender.choices], label=_("Gender"), required=False)
    sector = CleanCharField(label=_("Sector"), max_length=40)
    term = CleanCharField(label=_("Term"), max_length=40)
    is_standing = forms.BooleanField(label=_("Standing member"), required=False)
    workplace = CleanCharField(label=_("Workplace and post"), max_length=100, required=False)
    employer = forms.ModelChoiceField(queryset=Organisation.objects.none(), label=_("Employer"), required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    region_code = RegionField(label=_("Lives or works in"), levels=(2, 3, 4, 5), required=False)
    since = DayField(label=_("Member since"))
    posts = LinesField(
        label=_("Posts in the CPPCC"), required=False, help_text=_("One per line, for example: head of a committee.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = self.units()
        self.fields["region_code"].narrow([self.host.region_code])


class GroupForm(HostForm):
    name = CleanCharField(label=_("Name"), max_length=80)
    region_code = RegionField(label=_("Division"), levels=(2, 3, 4, 5))
    founded_on = DayField(label=_("Founded on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].narrow([self.host.region_code])


class GroupMemberForm(HostForm):
    member = forms.ModelChoiceField(queryset=Member.objects.none(), label=_("Committee member"))
    is_leader = forms.BooleanField(label=_("Leads the group"), required=False)
    since = DayField(label=_("Since"), required=False, help_text=_("Empty: from today."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Member.objects.of_host(self.host.pk).serving()


class ConvenorForm(HostForm):
    region_code = RegionField(label=_("Township or subdistrict"), levels=(4,))
    name = CleanCharField(label=_("Name"), max_length=60)
    party_post = CleanCharField(label=_("Party post"), max_length=60, required=False)
    rank = CleanCharField(label=_("Rank"), max_length=40, required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    since = DayField(label=_("In office since"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].narrow([self.host.region_code])


class SettingForm(PlainForm):
    """One setting; its field is made from the kind of the option."""

    since = DayField(
        label=_("From which day"), required=False, help_text=_("Empty: from today. Dates already promised stay.")
    )

    def __init__(self, *args: Any, option: Any, value: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"value": _value_field(option), **self.fields}
        self.initial.setdefault("value", _as_text(option, value))
        self.option = option

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.option.kind == "pairs":
            return [[part.strip() for part in line.split("=", 1)] for line in value.splitlines() if line.strip()]
        return value


class SectionsForm(PlainForm):
    """One row per chapter: heading and whether it stands there; their order is that of ``order``."""

    order = forms.CharField(widget=forms.HiddenInput, required=False)
    since = DayField(label=_("From which day"), required=False, help_text=_("Empty: from today."))

    def __init__(self, *args: Any, option: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.option = option
        self.keys = self._keys([key for key, _heading, _shown in rows])
        self.initial.setdefault("order", ",".join(self.keys))
        words = dict(option.choices)
        for key, heading, shown in rows:
            fixed = key in option.named
            self.fields[f"heading_{key}"] = forms.CharField(
                label=words[key], required=False, max_length=40, initial=heading, disabled=fixed
            )
            self.fields[f"heading_{key}"].widget.attrs.update({"placeholder": words[key], "class": "form-control"})
            self.fields[f"shown_{key}"] = forms.BooleanField(
                label=words[key], required=False, initial=shown, disabled=key in option.always
            )
            self.fields[f"shown_{key}"].widget.attrs["class"] = "form-check-input"

    def _keys(self, stored: list[str]) -> list[str]:
        """The order that was sent, if it names every chapter once."""
        given = (self.data.get("order") or self.initial.get("order") or "").split(",")
        return given if sorted(given) == sorted(stored) else stored

    def lines(self) -> list[dict[str, Any]]:
        """For the page, in their order."""
        words = dict(self.option.choices)
        return [
            {
                "key": key,
                "word": words[key],
                "heading": self[f"heading_{key}"],
                "shown": self[f"shown_{key}"],
                "always": key in self.option.always,
                "named": key in self.option.named,
                "number": number,
            }
            for number, key in enumerate(self.keys, 1)
        ]

    def rows(self) -> list[list[Any]]:
        data = self.cleaned_data
        return [[key, data[f"heading_{key}"], data[f"shown_{key}"]] for key in self.keys]

    @classmethod
    def moved(cls, data: Any, option: Any, key: str, by: int) -> SectionsForm:
        """The form as it was typed, with one row in another place."""
        keys = [name for name, _word in option.choices]
        given = str(data.get("order", "")).split(",")
        order = given if sorted(given) == sorted(keys) else keys
        if key in order:
            here = order.index(key)
            there = max(0, min(len(order) - 1, here + by))
            order.insert(there, order.pop(here))
        rows = [
            [
                name,
                "" if name in option.named else str(data.get(f"heading_{name}", ""))[:40],
                name in option.always or f"shown_{name}" in data,
            ]
            for name in order
        ]
        initial = {"order": ",".join(order), "since": data.get("since", "")}
        return cls(option=option, rows=rows, initial=initial)


def _value_field(option: Any) -> forms.Field:
    common = {"label": option.label, "help_text": option.help}
    if option.kind == "int":
        return forms.IntegerField(min_value=option.minimum, max_value=option.maximum, **common)
    if option.kind == "bool":
        return forms.BooleanField(required=False, **common)
    if option.kind == "choice":
        return forms.ChoiceField(choices=option.choices, **common)
    if option.kind in ("list", "pairs"):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 10, "class": "form-control"}), **common)
    return forms.CharField(required=False, widget=forms.TextInput(attrs={"class": "form-control"}), **common)


def _as_text(option: Any, value: Any) -> Any:
    if option.kind == "list":
        return "\n".join(value)
    if option.kind == "pairs":
        return "\n".join("=".join(map(str, pair)) for pair in value)
    return value
