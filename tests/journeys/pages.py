"""What a browser without scripts makes of a page: its forms as they would be sent, its links, its errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TEXTUAL = {"text", "hidden", "date", "datetime-local", "number", "tel", "search", "email", "password", "time", "url"}


@dataclass
class Form:
    """``values`` as the page came; ``fields`` are all names that can be filled in."""

    action: str = ""
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)  # of a list: words, value
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, words

    def filled(self, **changes: Any) -> dict[str, list[str]]:
        """Typed into; a name that the form does not have is a mistake of the test."""
        unknown = set(changes) - self.fields - {name for name, _value, _words in self.buttons}
        assert not unknown, f"the form has no {sorted(unknown)}, only {sorted(self.fields)}"
        typed = {name: self._chosen(name, value) for name, value in changes.items()}
        return {**self.values, **typed}

    def _chosen(self, name: str, value: Any) -> list[str]:
        """As typed; in a list a person chooses by the words."""
        wanted = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        labels = self.labels.get(name, {})
        return [next((key for words, key in labels.items() if one and one in words), one) for one in wanted]


class Page(HTMLParser):
    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []  # address, words
        self.words: list[str] = []
        self._form: Form | None = None
        self._select: str = ""
        self._option: list[str] | None = None
        self._multiple = False
        self._textarea: str | None = None
        self._link: list[Any] | None = None
        self._button: list[Any] | None = None
        self._silent = 0
        self.feed(text)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def form(self, field_name: str = "_once") -> Form:
        """The one form that has this field."""
        found = [form for form in self.forms if field_name in form.fields and form.method == "post"]
        assert found, (
            f"no form with {field_name!r} among {[sorted(form.fields) for form in self.forms]}; {self.text[:300]}"
        )
        return found[0]

    def addresses(self) -> set[str]:
        return {address for address, _words in self.links}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attributes}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._link = [given["href"], []]
        elif tag in ("script", "style", "template"):
            self._silent += 1
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self._form, given.get("name", "")
        if form is None:
            return
        if tag == "button":
            self._button = [name, given.get("value", ""), []]
        if tag == "option" and self._select:
            form.options.setdefault(self._select, []).append(given.get("value", ""))
            self._option = [given.get("value", ""), ""]
            if "selected" in given or (not self._multiple and self._select not in form.values):
                chosen = form.values.setdefault(self._select, [])
                if "selected" in given and not self._multiple:
                    chosen.clear()
                chosen.append(given.get("value", ""))
        if not name or "disabled" in given:
            return
        form.fields.add(name) if tag in ("input", "select", "textarea") else None
        if tag == "select":
            self._select, self._multiple = name, "multiple" in given
        elif tag == "textarea":
            self._textarea = name
            form.values[name] = [""]
        elif tag == "input":
            kind = given.get("type", "text")
            if kind in TEXTUAL:
                form.values.setdefault(name, []).append(given.get("value", ""))
            elif kind in ("radio", "checkbox"):
                form.options.setdefault(name, []).append(given.get("value", "on"))
                if "checked" in given:
                    form.values.setdefault(name, []).append(given.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "option" and self._option is not None and self._form is not None:
            self._form.labels.setdefault(self._select, {})[self._option[1].strip()] = self._option[0]
            self._option = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._link[0], " ".join("".join(self._link[1]).split())))
            self._link = None
        elif tag == "button" and self._button is not None:
            if self._form is not None:
                self._form.buttons.append((self._button[0], self._button[1], "".join(self._button[2]).strip()))
            self._button = None
        elif tag in ("script", "style", "template"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self._form is not None:
            before = self._form.values[self._textarea][0]
            # A browser drops the first line break of a text area.
            self._form.values[self._textarea] = [before + data if before else data.removeprefix("\n")]
            return
        if self._option is not None:
            self._option[1] += data
        for open_one in (self._link, self._button):
            if open_one is not None:
                open_one[-1].append(data)
        if not self._silent:
            self.words.append(data)
