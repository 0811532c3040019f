"""What somebody corrects in an entry of a visit book before it stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from consult.regions import prefix_of
from consult.web.forms import DayField, PlainForm, ReasonField, RegionField
from topics.models import Visit


class AcceptVisitForm(PlainForm):
    visited_on = DayField(label=_("On which day"), past=True)
    region_code = RegionField(levels=(3, 4, 5), required=False)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].narrow([prefix_of(visit.host.region_code)])
        self.initial.setdefault("visited_on", visit.visited_on)
        self.initial.setdefault("region_code", visit.region_code)


class SetAsideForm(PlainForm):
    reason = ReasonField(max_length=300)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
