"""Each test begins like a request: with nothing remembered."""

import pytest

from consult.calendar import services as calendar
from consult.options import services as options


@pytest.fixture(autouse=True)
def _a_new_request():
    options.memo.start_afresh()
    calendar.memo.start_afresh()
