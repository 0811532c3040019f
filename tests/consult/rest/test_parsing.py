"""What two readers could understand differently, or nobody could store, is refused; never a 500."""

import pytest

from tests.consult.rest import stubs

GOOD = {"name": "住房和城乡建设局"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid"),
        (b"{", "malformed"),
        (b"name=x", "malformed"),
        (b'{"name": "a", "name": "b"}', "invalid"),
        (b'{"name": NaN}', "malformed"),
        (b'{"name": Infinity}', "malformed"),
        (b'{"name": -Infinity}', "malformed"),
        (b'{"name": 1e400}', "malformed"),
        (b'{"name": ' + b"9" * 5000 + b"}", "malformed"),
        (b'{"name": ' + b"9" * 30 + b"}", "malformed"),
        (b'{"name": "\\ud800"}', "invalid"),
        (b'{"\\ud800": "x"}', "invalid"),
        (b'{"name": "\\ue000"}', "invalid"),
        (b'{"name": "\\u0378"}', "invalid"),
        (b'{"name": "\\u0000"}', "invalid"),
        (b'{"name": "a\\u0007b"}', "invalid"),
        (b'{"name": "a\\u202eb"}', "invalid"),
        (b'{"name": "e' + ("\u0301" * 10_000).encode() + b'"}', "invalid"),
        (b'{"name": "\xff\xfe"}', "malformed"),
        ('{"name": "住建局"}'.encode("gb18030"), "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"name":' * 50 + b"1" + b"}" * 50, "malformed"),
        (b"[]", "invalid"),
        (b'"x"', "invalid"),
        (b"null", "malformed"),
        (b"7", "invalid"),
        (b'{"name": ["x"]}', "invalid"),
        (b'{"name": {"a": 1}}', "invalid"),
        (b'{"name": true}', "invalid"),
        (b'{"name": 7}', "invalid"),
        (b'{"name": null}', "invalid"),
        (b'{"name": ""}', "invalid"),
        ('{"name": "\u200b\u200b"}'.encode(), "invalid"),
        (b'{"name": "' + b"x" * 21 + b'"}', "invalid"),
        (b'{"name": "x", "state": "closed"}', "invalid"),
        (b'{"name": "x", "is_sample": true}', "invalid"),
    ],
)
def test_bad_bodies_are_refused(caller, unit, body, code):
    answer = caller.post(f"units/{unit.uuid}/rename/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.content
    assert answer.json()["detail"]
    assert stubs.calls == []


def test_too_much_is_413(caller, unit):
    answer = caller.post(f"units/{unit.uuid}/rename/", b'{"name": "' + b"x" * 3_000_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_other_media_types_are_415(caller, unit):
    answer = caller.post(f"units/{unit.uuid}/rename/", b"<x/>", content_type="text/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("name", ["𠮷田社区", "买买提·吐尔逊", "䶮", "ŋɛ", "ཀྲུང", "👨‍👩‍👧 之家", " 住建局 "])
def test_rare_names_pass_unchanged(caller, unit, name):
    assert caller.post(f"units/{unit.uuid}/rename/", {"name": name}).json()["name"] == name.strip()


def test_unknown_fields_are_refused_by_name_and_all_at_once(caller, unit):
    answer = caller.post(f"units/{unit.uuid}/rename/", {**GOOD, "state": "closed", "host": 1})
    assert set(answer.json()["fields"]) == {"state", "host"}
    unit.refresh_from_db()
    assert unit.name == "南谯区住建局"


def test_a_move_without_words_takes_none(caller, unit):
    assert caller.post(f"units/{unit.uuid}/close/", {"state": "x"}).status_code == 400


def test_a_byte_order_mark_is_overlooked(caller, unit):
    assert caller.post(f"units/{unit.uuid}/rename/", b'\xef\xbb\xbf{"name": "x"}').status_code == 200


def test_lines_are_kept_where_there_may_be_several(caller, unit):
    caller.post(f"units/{unit.uuid}/sign/", {"note": "第一行\r\n第二行 \n"})
    assert stubs.calls == [("sign", unit.pk, "第一行\n第二行", None)]
