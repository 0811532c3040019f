"""People: what the registrar and the office do, and what stays refused."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils import timezone

from consult.audit.models import Entry
from consult.errors import Missing, NotAllowed
from members import services
from members.models import Account, Convenor, Mandate
from members.states import Role
from tests.factories import people

pytestmark = pytest.mark.django_db
TONGLE = "341103005000"


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def registrar(host):
    return people.account(Role.REGISTRAR, host)


def test_registrar_opens_an_account_whose_first_password_works_and_must_be_changed(host, registrar):
    account, password = services.open_account(actor=registrar, home=host, username="clerk", display_name="经办 01")
    assert authenticate(username="CLERK", password=password) == account
    assert account.must_change_password
    assert Entry.objects.filter(verb="account.open", subject_id=account.pk).count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REGISTRAR])
def test_nobody_else_opens_accounts(host, role):
    unit = people.organisation(host)
    other = people.account(role, host, organisation=unit if role in ("liaison", "unit_chief") else None)
    with pytest.raises(NotAllowed):
        services.open_account(actor=other, home=host, username="x.y", display_name="x")
    assert not Account.objects.filter(username="x.y").exists()


def test_a_registrar_keeps_only_the_accounts_of_his_own_cppcc(host, registrar):
    stranger = people.office(people.host(people.LANGYA))
    for service in (services.reset_password, services.close_account):
        with pytest.raises(NotAllowed):
            service(stranger, actor=registrar)


def test_a_registrar_does_not_serve_himself(host, registrar):
    with pytest.raises(NotAllowed):
        services.grant_mandate(
            registrar, actor=registrar, role=Role.OFFICE, organisation=host, region_code=host.region_code
        )


def test_two_account_names_that_differ_by_case_are_one(host, registrar):
    services.open_account(actor=registrar, home=host, username="clerk", display_name="一")
    with pytest.raises(Missing) as refused:
        services.open_account(actor=registrar, home=host, username="Clerk", display_name="二")
    assert set(refused.value.fields) == {"username"}


def test_five_failures_lock_and_the_right_password_does_not_open(host):
    account = people.office(host, username="clerk")
    for _attempt in range(5):
        assert authenticate(username="clerk", password="wrong") is None
    assert authenticate(username="clerk", password="sample-pass-1") is None
    account.refresh_from_db()
    assert account.failed_attempts == 5
    assert account.locked_until > timezone.now() + timedelta(minutes=29)


def test_four_failures_and_a_success_begin_at_zero_again(host):
    account = people.office(host, username="clerk")
    for _attempt in range(4):
        authenticate(username="clerk", password="wrong")
    assert authenticate(username="clerk", password="sample-pass-1") == account
    account.refresh_from_db()
    assert account.failed_attempts == 0


def test_the_lock_ends_by_itself_and_by_the_registrar(host, registrar):
    account = people.office(host, username="clerk")
    for _attempt in range(5):
        authenticate(username="clerk", password="wrong")
    Account.objects.filter(pk=account.pk).update(locked_until=timezone.now() - timedelta(seconds=1))
    assert authenticate(username="clerk", password="sample-pass-1") == account
    for _attempt in range(5):
        authenticate(username="clerk", password="wrong")
    _account, password = services.reset_password(account, actor=registrar)
    assert authenticate(username="clerk", password=password) == account


def test_nobody_signs_in_as_the_system_or_after_leaving(host, registrar):
    system = Account.objects.system()
    system.set_password("sample-pass-1")
    system.save()
    assert authenticate(username="system", password="sample-pass-1") is None
    gone = people.office(host, username="gone")
    services.close_account(gone, actor=registrar)
    assert authenticate(username="gone", password="sample-pass-1") is None


def test_own_password_needs_the_old_one_and_a_new_one(host):
    account = people.office(host)
    with pytest.raises(Missing):
        services.set_own_password(account, actor=account, old="wrong", new="another-pass-2")
    with pytest.raises(Missing):
        services.set_own_password(account, actor=account, old="sample-pass-1", new="sample-pass-1")
    with pytest.raises(ValidationError):
        services.set_own_password(account, actor=account, old="sample-pass-1", new="12345678")
    changed = services.set_own_password(account, actor=account, old="sample-pass-1", new="another-pass-2")
    assert changed.check_password("another-pass-2") and not changed.must_change_password


def test_a_withdrawn_mandate_acts_at_once(host, registrar):
    clerk = people.office(host)
    mandate = clerk.mandates.get()
    services.end_mandate(mandate, actor=registrar)
    assert Account.objects.get(pk=clerk.pk).mandates_now() == []


def test_a_mandate_outside_the_cppccs_division_or_at_a_strange_unit_is_refused(host, registrar):
    clerk = people.account(host=host)
    with pytest.raises(Missing) as outside:
        services.grant_mandate(
            clerk, actor=registrar, role=Role.OFFICE, organisation=host, region_code=people.SHUANGBAI
        )
    assert set(outside.value.fields) == {"region_code"}
    with pytest.raises(Missing) as strange:
        services.grant_mandate(
            clerk,
            actor=registrar,
            role=Role.OFFICE,
            organisation=people.host(people.LANGYA),
            region_code=people.LANGYA,
        )
    assert set(strange.value.fields) == {"organisation"}
    with pytest.raises(Missing):
        services.grant_mandate(
            clerk, actor=registrar, role=Role.LIAISON, organisation=host, region_code=host.region_code
        )
    assert Mandate.objects.filter(account=clerk).count() == 0


def test_a_new_convenor_ends_the_term_of_the_old_one(host):
    office = people.office(host)
    first = services.appoint_convenor(
        actor=office, host=host, region_code=TONGLE, name="召集人 01", since=date(2022, 1, 1)
    )
    services.appoint_convenor(actor=office, host=host, region_code=TONGLE, name="召集人 02", since=date(2024, 3, 1))
    first.refresh_from_db()
    assert first.until == date(2024, 3, 1)
    assert Convenor.objects.filter(host=host, region_code=TONGLE, until__isnull=True).count() == 1


def test_the_directory_is_edited_by_the_office_of_that_cppcc_alone(host):
    office, stranger = people.office(host), people.office(people.host(people.LANGYA))
    with pytest.raises(NotAllowed):
        services.add_member(actor=stranger, host=host, name="委员", sector="经济", term="第十届")
    member = services.add_member(actor=office, host=host, name="委员甲", sector="经济", term="第十届")
    assert member.name_key == "wei yuan jia"
    with pytest.raises(NotAllowed):
        services.change_member(member, actor=stranger, sector="农业")


def test_one_leader_at_a_time(host):
    office = people.office(host)
    group = services.found_group(actor=office, host=host, name="同乐小组", region_code=TONGLE)
    one, two = people.member(host), people.member(host)
    services.add_to_group(group, actor=office, member=one, is_leader=True)
    services.add_to_group(group, actor=office, member=two, is_leader=True)
    assert list(group.memberships.filter(is_leader=True).values_list("member", flat=True)) == [two.pk]


def test_a_host_is_set_up_once_for_a_county_or_prefecture():
    system = Account.objects.system()
    host, registrar, password = services.establish_host(
        "341102000000", actor=system, registrar_username="registrar-langya"
    )
    assert host.host_id == host.pk
    assert authenticate(username="registrar-langya", password=password) == registrar
    assert [m.role for m in registrar.mandates_now()] == [Role.REGISTRAR]
    for code in ("341102000000", TONGLE, "999999999999"):
        with pytest.raises(Missing):
            services.establish_host(code, actor=system)
