"""The demonstration: every state is there, every generated row is marked, a second call changes nothing."""

import pytest
from django.core.management import call_command

from members.models import Account, Convenor, Member, MemberGroup
from outcomes.models import Assignment, PublicNotice
from sessions.models import ConsultationRoom, ConsultSession
from tests.factories import regions
from topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    regions.seed_county("341103")
    call_command("load_demo")


def states(model, **where):
    return set(model.objects.filter(host__region_code="341103000000", **where).values_list("state", flat=True))


def test_the_year_has_matters_in_every_state(demo):
    assert states(Topic) == {
        *("submitted", "returned", "pooled", "approved", "claimed", "scheduled", "consulted", "closed"),
        *("declined", "transferred", "merged", "withdrawn"),
    }
    assert states(ConsultSession) == {"planned", "announced", "held", "cancelled"}
    assert states(Assignment) == {
        *("issued", "accepted", "sent_back", "in_progress", "replied", "verified", "closed"),
    }
    assert states(PublicNotice) >= {"drafted", "reviewed", "posted", "expired"} - {"expired"}


def test_every_generated_row_is_marked(demo):
    real = {"jingnan-homestead", "lantian-property", "longpan-charging", "wanqiao-toilet", "yangguang-certificates"}
    assert set(Topic.objects.filter(is_sample=False).values_list("case_key", flat=True)) == real
    for model in (Member, MemberGroup, ConsultationRoom, Convenor):
        made_by_files = {"市政协", "妥甸镇", "兰天"}
        unmarked = [str(row) for row in model.objects.filter(is_sample=False)]
        assert all(any(word in name for word in made_by_files) for name in unmarked)
    assert not Account.objects.filter(is_sample=False, is_system=False).exists()


def test_loading_again_changes_nothing(demo):
    before = (Topic.objects.count(), Account.objects.count())
    call_command("load_demo")
    assert (Topic.objects.count(), Account.objects.count()) == before
