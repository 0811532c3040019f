"""What people type: kept unchanged, tidied, or refused with a reason; never cut off, never a failure."""

import pytest

from consult.text import Refused, clean_line, clean_phone, clean_text, mask_phone


@pytest.mark.parametrize(
    "name",
    [
        "𠮷野家",
        "䶮",
        "买买提·吐尔逊",
        "阿不都热合曼·阿不都热依木",
        "李",
        "ꆈꌠꉙ",
        "བོད་ཡིག",
        "ᠮᠣᠩᠭᠣᠯ",
        "ŋɛ",
        "\U00031350",  # of a later Unicode than this Python's table
        "\U0002ebf0",
        "葛\U000e0100",  # a variant of a name's character
        "👨‍👩‍👧",
    ],
)
def test_names_are_kept_as_they_are(name):
    assert clean_line(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  龙蟠南苑　", "龙蟠南苑"),
        ("龙蟠\u200b南苑\ufeff", "龙蟠南苑"),
        ("龙\u200d蟠", "龙蟠"),
        ("\u200b\u2060", ""),
        ("\u3164\u2800", ""),
        ("e\u0301", "\u00e9"),
        ("一\t二\n三", "一 二 三"),
        ("", ""),
    ],
)
def test_one_line_is_tidied(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("一\r\n二\r三\u2028四", "一\n二\n三\n四"), ("一  \n二", "一\n二"), ("\n\n一\n\n二\n", "一\n\n二")],
)
def test_lines_end_in_one_way(typed, kept):
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("甲\ue000", "unsavable"),
        ("甲\U000f0000", "unsavable"),
        ("甲\u0378", "unsavable"),
        ("甲\ufdd0", "unsavable"),
        ("甲\ud800", "unsavable"),
        ("甲\U0001fffe", "unsavable"),
        ("甲\x00", "control"),
        ("甲\x1b[31m", "control"),
        ("甲\u202e乙", "direction"),
        ("甲\u2066乙", "direction"),
        ("a" + "\u0301" * 50, "stacked"),
        ("字" * 201, "too_long"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(typed, code):
    with pytest.raises(Refused) as refusal:
        clean_text(typed, limit=200)
    assert refusal.value.code == code
    assert refusal.value.msgid % refusal.value.params == str(refusal.value)


def test_a_hundred_thousand_line_breaks_are_too_many():
    with pytest.raises(Refused) as refusal:
        clean_text("一" + "\n一" * 100_000)
    assert refusal.value.code == "too_many_lines"


def test_ten_thousand_marks_are_refused_quickly():
    with pytest.raises(Refused):
        clean_line("z" + "\u0335\u0336" * 5_000)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800005566", "13800005566"),
        ("+86 138-0000-5566", "13800005566"),
        ("008613800005566", "13800005566"),
        ("８６１３８００００５５６６", "13800005566"),
        ("170 1234 5678", "17012345678"),
        ("0550-3021234", "0550-3021234"),
        ("（010）62345678", "010-62345678"),
    ],
)
def test_phones_are_kept_as_digits(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12345678901", "begins with 13 to 19"),
        ("1380000556", "has fewer"),
        ("138000055667", "has more"),
        ("3021234", "needs its area code"),
        ("+1 202 555 0100", "mainland China"),
        ("打我电话", "digits only"),
        ("١٣٨٠٠٠٠٥٥٦٦", "digits only"),
        ("12345", "has fewer"),
    ],
)
def test_phones_are_refused_with_the_rule(typed, sentence):
    with pytest.raises(Refused, match=sentence):
        clean_phone(typed)


def test_a_landline_receives_no_messages():
    with pytest.raises(Refused, match="mobile number"):
        clean_phone("0550-3021234", landline=False)


def test_a_service_number_only_where_it_may_stand():
    assert clean_phone("12345", service=True) == "12345"


@pytest.mark.parametrize(
    ("number", "shown"), [("13800005566", "138****5566"), ("0550-3021234", "055****1234"), ("110", "***")]
)
def test_phones_are_masked(number, shown):
    assert mask_phone(number) == shown
