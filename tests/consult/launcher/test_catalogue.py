"""The Chinese catalogue is made without GNU gettext; it must read as if GNU had made it."""

import gettext
from io import BytesIO

import pytest

from consult.launcher import catalogue, messages
from consult.launcher.messages import Message, in_python, in_template
from consult.launcher.places import Trouble


def test_python_calls_are_found_with_context_and_plural():
    source = """
_("plain")
gettext_lazy("joined " "text")
pgettext("month", "May")
translation.ngettext("%(n)d slip", "%(n)d slips", n)
_(variable)
other("nothing")
"""
    assert set(in_python(source)) == {
        Message("", "plain"),
        Message("", "joined text"),
        Message("month", "May"),
        Message("", "%(n)d slip", "%(n)d slips"),
    }


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{% translate "Hand in a slip" %}', Message("", "Hand in a slip")),
        ("{% trans 'Short' as word %}", Message("", "Short")),
        ('{% translate "May" context "month" %}', Message("month", "May")),
        ('{% translate "100 % sure" %}', Message("", "100 %% sure")),
        ('{% include "x.html" with label=_("Go on") %}', Message("", "Go on")),
        ('{{ value|default:_("none") }}', Message("", "none")),
        ("{% blocktranslate with n=count %}of {{ n }}{% endblocktranslate %}", Message("", "of %(n)s")),
        ("{% blocktranslate trimmed %}\n  two\n  lines\n{% endblocktranslate %}", Message("", "two lines")),
        (
            "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
            Message("", "%(n)s row", "%(n)s rows"),
        ),
        ('{% blocktranslate context "page" %}top{% endblocktranslate %}', Message("page", "top")),
    ],
)
def test_templates_are_read_as_django_reads_them(template, message):
    assert list(in_template(template)) == [message]


def test_a_comment_is_no_message():
    assert list(in_template('{# {% translate "a" %} #}{% comment %}{% translate "b" %}{% endcomment %}')) == []


def _parts(tmp_path, monkeypatch, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.po").write_text(text)
    monkeypatch.setattr(catalogue, "PARTS", tmp_path)
    monkeypatch.setattr(catalogue, "BASE", tmp_path)
    return catalogue.merged_parts()


def test_parts_are_merged_and_read_by_gettext(tmp_path, monkeypatch):
    entries, faults = _parts(
        tmp_path,
        monkeypatch,
        one='msgid "Slip"\nmsgstr "点单"\n\nmsgctxt "month"\nmsgid "May"\nmsgstr "五月"\n',
        two='#: some/file\nmsgid "%(n)d slip"\nmsgid_plural "%(n)d slips"\nmsgstr[0] "%(n)d 张"\n'
        'msgid ""\n"Long "\n"line"\nmsgstr "长"\n',
    )
    assert faults == []
    read = gettext.GNUTranslations(BytesIO(catalogue.as_mo(entries)))
    assert read.gettext("Slip") == "点单"
    assert read.pgettext("month", "May") == "五月"
    assert read.ngettext("%(n)d slip", "%(n)d slips", 3) == "%(n)d 张"
    assert read.gettext("Long line") == "长"


def test_the_merged_text_reads_back_as_itself(tmp_path, monkeypatch):
    entries, _ = _parts(tmp_path, monkeypatch, one='msgid "He said \\"no\\"\\n"\nmsgstr "他说“不”\\n"\n')
    path = tmp_path / "merged.po"
    path.write_text(catalogue.as_po(entries))
    assert dict(catalogue.parse(path)) == entries


def test_two_parts_may_not_say_different_things(tmp_path, monkeypatch):
    _, faults = _parts(tmp_path, monkeypatch, one='msgid "A"\nmsgstr "甲"\n', two='msgid "A"\nmsgstr "乙"\n')
    assert faults == ["two.po: 'A' is '乙' here and '甲' in one.po"]


def test_an_empty_translation_is_a_fault(tmp_path, monkeypatch):
    _, faults = _parts(tmp_path, monkeypatch, one='msgid "A"\nmsgstr ""\n')
    assert faults == ["one.po: 'A' has no translation"]


def test_a_translation_names_the_same_values(tmp_path, monkeypatch):
    _, faults = _parts(tmp_path, monkeypatch, one='msgid "%(n)s days"\nmsgstr "%(m)s 天"\n')
    assert len(faults) == 1


def test_a_fuzzy_entry_stops_the_merge(tmp_path, monkeypatch):
    with pytest.raises(Trouble, match=r"one\.po:1"):
        _parts(tmp_path, monkeypatch, one='#, fuzzy\nmsgid "A"\nmsgstr "甲"\n')


def test_what_has_no_chinese_is_named_with_its_file(monkeypatch):
    monkeypatch.setattr(
        catalogue, "in_code", lambda: {Message("", "New"): "topics/forms.py", Message("", "Old"): "x.py"}
    )
    assert list(catalogue.lacking({Message("", "Old"): "旧"})) == ["topics/forms.py: 'New' has no Chinese"]


def test_a_stale_catalogue_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "BASE", tmp_path)
    monkeypatch.setattr(catalogue, "MERGED", tmp_path / "django.po")
    entries = {Message("", "A"): "甲"}
    assert len(list(catalogue.stale(entries))) == 2
    catalogue.write(entries)
    assert list(catalogue.stale(entries)) == []
    assert list(catalogue.stale({Message("", "A"): "乙"})) != []


def test_the_code_is_looked_through():
    assert any(file.startswith("topics/") for file in messages.in_code().values())
