"""How text is cut for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.search import bigrams, search_vector


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("柳树沟", ["柳树", "树沟"]),
        ("电", ["电"]),
        ("公厕，移交", ["公厕", "移交"]),
        ("Ｗｉｆｉ信号", ["wifi", "信号"]),
        ("5G基站", ["5g", "基站"]),
        ("A座𠮷村", ["a", "座𠮷", "𠮷村"]),
        ("柳\u200b树", ["柳树"]),
        ("公厕公厕", ["公厕", "厕公"]),
        ("买买提·吐尔逊", ["买买", "买提", "吐尔", "尔逊"]),
        ("ꆏꉙ", ["ꆏꉙ"]),
        ("covid-19", ["covid", "19"]),
        ("''; DROP TABLE --", ["drop", "table"]),
        ("", []),
        ("，。!", []),
    ],
)
def test_text_is_cut_into_pairs_and_words(text, expected):
    assert bigrams(text) == expected


def test_positions_run_on_and_part_where_words_part():
    assert search_vector("柳树沟，修路", "5G 基站") == (
        "'柳树':1A '树沟':2A '沟':3A '修路':5A '路':6A '5g':8 '基站':9 '站':10"
    )


def test_nothing_is_stored_of_nothing():
    assert search_vector("", "!!", "") == ""


@given(st.text())
def test_no_text_can_close_the_quotes(text):
    stored = search_vector(text)
    assert "''" not in stored
    assert "\\" not in stored
    assert "\x00" not in stored
