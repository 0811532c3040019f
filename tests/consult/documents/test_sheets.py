"""A table as a file: figures stay figures, and nothing that somebody typed is run."""

import pytest

from consult.documents.sheets import as_csv, plain_cell


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "－1"])
def test_a_spreadsheet_runs_none_of_it(typed):
    assert plain_cell(typed) == f"'{typed}"


def test_figures_and_plain_words_are_left_alone():
    assert [plain_cell(cell) for cell in (5, -3, 2.5, None, "1-3 号楼", "a=b")] == [
        *("5", "-3", "2.5", "", "1-3 号楼", "a=b"),
    ]


def test_commas_and_lines_stay_in_their_cell():
    assert as_csv([["a,b", 'c"d'], ["两\n行", 1]]).decode("utf-8-sig") == '"a,b","c""d"\r\n"两\n行",1\r\n'
