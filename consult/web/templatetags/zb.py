"""``{% load zb %}``: the words and signs of the design language 张榜. See docs/pages.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from consult.text import mask_phone
from consult.web import drawing, words
from consult.web.keyset import AFTER, BEFORE
from consult.web.states import LATE, noun_of, position, shade_of

register = template.Library()

_NAMESPACES = {"consult_sessions": "sessions"}
BUTTONS_SHOWN = 3


# Signs


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return drawing.draw_icon(name, label)


@register.simple_tag
def badge(item: Any = None, noun: str = "", state: str = "", profile: str = "", late: int = 0) -> SafeString:
    """The state of an object, or of a noun and a state spelled out; ``late`` days overdue say so instead."""
    if late:
        return drawing.draw_sign(LATE, days=late)
    if item is not None:
        return drawing.draw_badge(noun or noun_of(item), item.state, profile or shade_of(item))
    return drawing.draw_badge(noun, state, profile)


@register.simple_tag
def marks(item: Any, size: str = "", noun: str = "", state: str = "", profile: str = "") -> SafeString:
    """四单标 of an object, of a noun and state, or of a position (1 to 4 current, 5 all done)."""
    if isinstance(item, int):
        return drawing.draw_marks(item, size)
    if isinstance(item, str) or item is None:
        return drawing.draw_marks(position(noun, state, profile), size)
    return drawing.draw_marks(position(noun_of(item), item.state, shade_of(item)), size)


@register.simple_tag
def mark(character: str, tone: str = "") -> SafeString:
    return drawing.draw_mark(character, tone)


@register.simple_tag
def urge(reached: str = "") -> SafeString:
    return drawing.draw_urge(reached)


@register.simple_tag
def nine(step: int, skipped: Any = "", reason: str = "") -> SafeString:
    """``{% nine 5 skipped="8,9" reason=… %}``"""
    left_out = [int(number) for number in str(skipped).split(",") if number] if isinstance(skipped, str) else skipped
    return drawing.draw_nine(int(step), left_out or (), reason)


@register.simple_tag
def loop(steps: Any, current: int = drawing.DONE, back: bool = False) -> SafeString:
    return drawing.draw_loop(steps, current, back)


@register.simple_tag
def meter(percent: Any, tone: str = "", label: str = "", size: str = "") -> SafeString:
    return drawing.draw_meter(percent, tone, label, size)


@register.simple_tag
def sample(item: Any = True) -> SafeString:
    """示例 at a value that no source gives; with an object: when the object is a sample row."""
    if not (item.is_sample if hasattr(item, "is_sample") else item):
        return SafeString("")
    return format_html(
        '<span class="zb-sample" title="{}">{}</span>',
        gettext("Made up for the demonstration"),
        gettext("sample"),
    )


# Words


@register.simple_tag
def day(value: Any, form: str = words.TABLE) -> str:
    return words.say_day(value, form)


@register.simple_tag
def time(value: Any) -> str:
    return words.say_time(value)


@register.simple_tag
def moment(value: Any, form: str = words.TABLE) -> str:
    return words.say_moment(value, form)


@register.simple_tag
def span(start: Any, end: Any = None, form: str = words.PUBLIC) -> str:
    return words.say_span(start, end, form) if start else ""


@register.simple_tag
def due(
    value: Any, done: Any = None, form: str = words.TABLE, badge: bool = False, provisional: bool = False
) -> SafeString:
    """还有 2 天, 超期 5 天; the date itself beyond a week; the date is in the title; 暂按周末推算 behind a guess."""
    limit, end = (one and words.local_day(one) for one in (value, done))
    drawn = drawing.draw_due(limit, end, form, badge)
    return format_html("{} {}", drawn, provisionally(provisional)) if provisional and not end else drawn


@register.simple_tag
def provisionally(is_so: bool = True) -> SafeString:
    """Counted by weekends only, because the holiday plan of that year is not published yet."""
    if not is_so:
        return SafeString("")
    return format_html('<span class="zb-xs m3 nowrap">{}</span>', gettext("provisional"))


@register.simple_tag
def about(value: Any, kind: str = "", unit: str = "") -> str:
    return words.say_about(value, kind, unit)


@register.simple_tag
def money(yuan: Any, kind: str = "") -> str:
    return words.say_money(yuan, kind)


@register.simple_tag
def phone(number: Any) -> str:
    return mask_phone(str(number or ""))


register.simple_tag(phone, name="masked_phone")


# Addresses and lists


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The present address with some parameters changed; a changed filter starts from the first page again."""
    params: QueryDict = context["request"].GET.copy()
    for name in (AFTER, BEFORE, "_once"):
        params.pop(name, None)
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = value
    return f"?{params.urlencode()}" if params else context["request"].path


@register.simple_tag(takes_context=True)
def tab_query(context: Any, value: str) -> str:
    """The address of a tab, the other filters kept."""
    return query(context, **{context["tab_param"]: value})


@register.simple_tag(takes_context=True)
def clear_query(context: Any) -> str:
    """The address with nothing but the tab."""
    value = context["request"].GET.get(context["tab_param"], "")
    return f"?{urlencode({context['tab_param']: value})}" if value else context["request"].path


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if mapping and key else None


@register.simple_tag
def filter_input(bound: Any) -> SafeString:
    """One input of the filter bar: its label is for readers of the screen, the choice itself says the rest."""
    widget = bound.field.widget
    if isinstance(widget, forms.Select):
        widget.attrs.setdefault("class", "form-select")
        choices = list(widget.choices)
        if choices and choices[0][0] == "" and not isinstance(widget, forms.SelectMultiple):
            widget.choices = [("", f"{bound.label}{gettext(': any')}"), *choices[1:]]
    else:
        widget.attrs.setdefault("class", "form-control")
    text = isinstance(widget, forms.TextInput) and type(widget) is forms.TextInput
    if text:
        widget.input_type = "search"
    if text or isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("placeholder", bound.label)
    return SafeString(render_to_string("ui/_filter_input.html", {"field": bound, "wide": text}))


@register.simple_tag(takes_context=True)
def tabs(context: Any) -> SafeString:
    return _part(context, "ui/_tabs.html")


@register.simple_tag(takes_context=True)
def filters(context: Any) -> SafeString:
    return _part(context, "ui/_filters.html")


@register.simple_tag(takes_context=True)
def pager(context: Any) -> SafeString:
    return _part(context, "ui/_pagination.html")


@register.simple_tag(takes_context=True)
def sort_th(context: Any, key: str, label: str, css: str = "") -> SafeString:
    """A column heading that orders the list; ``-key`` is the order downwards."""
    now = context.get("sort", "")
    following = f"-{key}" if now == key else key
    direction = "ascending" if now == key else "descending" if now == f"-{key}" else ""
    caret = {"ascending": "caret-up-fill", "descending": "caret-down-fill"}.get(direction, "")
    return format_html(
        '<th scope="col" class="{}"{}><a class="zb-plain" href="{}">{} {}</a></th>',
        css,
        format_html(' aria-sort="{}"', direction) if direction else "",
        query(context, sort=following),
        label,
        drawing.draw_icon(caret),
    )


@register.inclusion_tag("ui/_empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    return {"title": title, "text": text, "url": url, "label": label}


# Moves


@register.simple_tag(takes_context=True)
def actions(context: Any, item: Any, steps: Any = None, namespace: str = "", small: bool = False) -> SafeString:
    """Buttons of the moves this reader may make now; a template never spells a state."""
    if steps is None:
        steps = _steps(context, item)
    namespace = namespace or _NAMESPACES.get(item._meta.app_label, item._meta.app_label)
    offered = [(step, url) for step in steps if (url := _address(namespace, step.verb, item))]
    # The main move first, then in the order of the procedure.
    offered.sort(key=lambda pair: pair[0].style != "ink")
    shown, more = offered[:BUTTONS_SHOWN], offered[BUTTONS_SHOWN:]
    if len(more) == 1:
        shown, more = offered, []
    return SafeString(render_to_string("ui/_actions.html", {"shown": shown, "more": more, "small": small}))


def _steps(context: Any, item: Any) -> Iterable[Any]:
    if context.get("actions") is not None and context.get("object") is item:
        return context["actions"]
    workflow = context.get("workflow")
    return workflow.available(item, context["request"].user) if workflow else ()


def _address(namespace: str, verb: str, item: Any) -> str:
    try:
        return reverse(f"{namespace}:{verb}", kwargs={"uuid": item.uuid})
    except NoReverseMatch:
        return ""


# Forms


@register.simple_tag
def field(bound: Any, css: str = "", label: str = "") -> SafeString:
    """One row: label, help, error, input."""
    kind = getattr(bound.field.widget, "input_type", "")
    grouped = bound.field.widget.use_fieldset
    context = {
        "field": bound,
        "css": css,
        "label": label or bound.label,
        "grouped": grouped,
        "ticked": kind == "checkbox" and not grouped,
        "unit": bound.field.widget.attrs.get("data-unit", ""),
        "limit": bound.field.widget.attrs.get("data-limit", ""),
    }
    return SafeString(render_to_string("ui/_form_row.html", context))


@register.simple_tag
def error_summary(form: Any) -> SafeString:
    """有 2 处要补: links to the fields, in their words, in their order."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    return SafeString(
        render_to_string("ui/_error_summary.html", {"title": error_title(form), "entries": list(_entries(form))})
    )


@register.simple_tag
def error_title(form: Any) -> str:
    """What the title of the page begins with while something is wrong."""
    found = [error for errors in form.errors.as_data().values() for error in errors]
    if not found:
        return ""
    missing = all(error.code in ("required", "missing") for error in found)
    sentence = gettext("%(count)s things to fill in") if missing else gettext("%(count)s things to correct")
    return sentence % {"count": len(found)}


def _entries(form: Any) -> Iterable[tuple[str, str]]:
    for message in form.non_field_errors():
        yield "", message
    for bound in form:
        for message in bound.errors:
            yield bound.auto_id, message


@register.simple_tag(takes_context=True)
def form_start(context: Any, form: Any, once: bool = True) -> SafeString:
    """What every POST form begins with: token, once-only key, refusal, error summary, hidden fields."""
    return _part(context, "ui/_form_start.html", form=form, with_once=once)


@register.simple_tag(takes_context=True)
def form_page(context: Any, form: Any) -> SafeString:
    """All rows of a form one below the other."""
    return _part(context, "ui/_form_rows.html", form=form)


def _part(context: Any, template_name: str, **more: Any) -> SafeString:
    with context.push(**more):
        return SafeString(context.template.engine.get_template(template_name).render(context))
