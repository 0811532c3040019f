"""The page of working days: read, corrected, a plan entered; nobody else's."""

from datetime import date

import pytest
from django.urls import reverse

from consult import calendar
from consult.calendar.models import CalendarOverride
from members.states import Role
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return people.host()


def send(client, name, *args, **values):
    address = reverse(f"desk:{name}", args=args)
    page = client.get(address)
    once = page.context["form"].initial.get("_once", "") if page.context else ""
    return client.post(address, {**values, "_once": once})


def test_the_year_is_shown_with_its_make_up_days(client, host):
    client.force_login(people.office(host))
    page = client.get(reverse("desk:workdays", args=[2026])).content.decode()
    assert "2026" in page
    assert page.count("<caption>") == 12
    assert page.count('class="made-up"') == 6  # 1-4, 2-14, 2-28, 5-9, 9-20, 10-10


def test_an_unpublished_year_says_so_until_its_plan_is_entered(client, host):
    client.force_login(people.account(Role.REGISTRAR, host))
    address = reverse("desk:workdays", args=[2027])
    assert "暂" in client.get(address).content.decode()
    answer = send(client, "load_plan", 2027, off="2月5日至11日", worked="2月20日", source="样例通知")
    assert answer.status_code == 302
    page = client.get(address).content.decode()
    assert "样例通知" in page
    assert calendar.is_provisional(2027, host.pk) is False


def test_what_cannot_be_read_stands_at_its_field_and_nothing_typed_is_lost(client, host):
    client.force_login(people.office(host))
    answer = send(client, "load_plan", 2027, off="二月初五", worked="", source="样例通知")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "二月初五" in page
    assert "样例通知" in page
    assert not CalendarOverride.objects.exists()


def test_one_day_is_corrected_and_taken_back(client, host):
    client.force_login(people.office(host))
    send(client, "correct_day", 2026, day="2026-11-23", worked="no", note="地方节日")
    assert calendar.is_workday(date(2026, 11, 23), host.pk) is False
    send(client, "clear_day", 2026, date(2026, 11, 23).timetuple().tm_yday)
    assert calendar.is_workday(date(2026, 11, 23), host.pk) is True


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MEMBER, Role.SUPERVISOR, Role.LIAISON])
def test_others_have_no_such_page(client, host, role):
    client.force_login(people.account(role, host))
    assert client.get(reverse("desk:workdays", args=[2026])).status_code == 403
