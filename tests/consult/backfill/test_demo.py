"""The demonstration: every state is there, every generated row is marked, a second call changes nothing."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import Account, Convenor, Member, MemberGroup
from outcomes.models import Assignment, PublicNotice
from sessions.models import ConsultationRoom, ConsultSession
from tests.factories import regions
from topics.models import Topic

pytestmark = pytest.mark.django_db


def states(model):
    return set(model.objects.filter(host__region_code="341103000000").values_list("state", flat=True))


def test_the_sample_year_is_whole_marked_and_loaded_once():
    regions.seed_county("341103")
    call_command("load_demo")
    assert states(Topic) == {
        *("submitted", "returned", "pooled", "approved", "claimed", "scheduled", "consulted", "closed"),
        *("declined", "transferred", "merged", "withdrawn"),
    }
    assert states(ConsultSession) == {"planned", "announced", "in_progress", "held", "cancelled"}
    assert states(Assignment) == {
        *("issued", "accepted", "sent_back", "in_progress", "replied", "verified", "closed"),
    }
    assert states(PublicNotice) == {"drafted", "reviewed", "posted", "expired", "withdrawn"}
    assert Assignment.objects.filter(is_sample=True, state="in_progress", due_on__lt=timezone.localdate()).count() == 2

    real = {"jingnan-homestead", "lantian-property", "longpan-charging", "wanqiao-toilet", "yangguang-certificates"}
    assert set(Topic.objects.filter(is_sample=False).values_list("case_key", flat=True)) == real
    named_in_files = ("市政协", "妥甸镇")
    for model in (Member, MemberGroup, ConsultationRoom, Convenor):
        assert all(row.name.startswith(named_in_files) for row in model.objects.filter(is_sample=False))
    assert not Account.objects.filter(is_sample=False, is_system=False).exists()

    before = (Topic.objects.count(), Account.objects.count(), PublicNotice.objects.count())
    call_command("load_demo")
    assert (Topic.objects.count(), Account.objects.count(), PublicNotice.objects.count()) == before
