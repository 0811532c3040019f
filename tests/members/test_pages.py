"""Pages about people: who gets in, what they cost, what they never show."""

import pytest
from django.urls import reverse

from members.models import Account
from members.states import Role
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return people.host()


def sign_in(client, account, **extra):
    return client.post(reverse("members:sign_in"), {"username": account.username, "password": "sample-pass-1", **extra})


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https:evil.example", "\\\\evil.example", "/\tevil", "/%09/evil", "javascript:alert(1)"],
)
def test_sign_in_never_leads_out_of_the_house(client, host, wanted):
    response = sign_in(client, people.office(host), next=wanted)
    assert response.status_code == 302
    assert response["Location"] in ("/%09/evil", reverse("desk:today"))


def test_unknown_and_wrong_and_locked_say_the_same(client, host):
    account = people.office(host, username="clerk")
    said = set()
    for name in ("nobody", "clerk", "clerk", "clerk", "clerk", "clerk", "clerk"):
        response = client.post(reverse("members:sign_in"), {"username": name, "password": "wrong"})
        assert response.status_code == 422
        said.add(str(response.context["form"].non_field_errors()))
    assert len(said) == 1
    account.refresh_from_db()
    assert account.locked_until is not None


def test_a_first_password_is_changed_before_anything_else(client, host):
    account = people.office(host, must_change_password=True)
    assert sign_in(client, account)["Location"] == reverse("members:password")
    assert client.get(reverse("members:members"))["Location"] == reverse("members:password")
    client.post(reverse("members:password"), {"old": "sample-pass-1", "new": "my-own-word-7", "again": "my-own-word-7"})
    assert client.get(reverse("members:members")).status_code == 200


def test_signing_out_is_a_post_and_empties_the_browser(client, host):
    client.force_login(people.office(host))
    assert client.get(reverse("members:sign_out")).status_code == 405
    response = client.post(reverse("members:sign_out"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("members:members")).status_code == 302


LISTS = {
    "members:members": lambda host, n: [people.member(host) for _ in range(n)],
    "members:groups": lambda host, n: [people.group(host, people.member(host)) for _ in range(n)],
    "members:organisations": lambda host, n: [people.organisation(host) for _ in range(n)],
}


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"), [("members:members", 6), ("members:groups", 6), ("members:organisations", 5)]
)
def test_lists_cost_the_same_for_one_and_thirty(client, host, name, queries, count, django_assert_num_queries):
    LISTS[name](host, count)
    client.force_login(people.office(host))
    with django_assert_num_queries(queries):
        response = client.get(reverse(name))
    assert len(response.context["object_list"]) == count


def test_another_countys_people_are_not_there(client, host):
    theirs = people.member(people.host(people.LANGYA))
    client.force_login(people.office(host))
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert theirs.name not in client.get(reverse("members:members")).content.decode()
    api = client.get("/api/v1/members/").json()
    assert [row["uuid"] for row in api["results"]] == []


def test_only_the_registrar_sees_accounts(client, host):
    account = people.office(host)
    client.force_login(account)
    assert client.get(reverse("members:accounts")).status_code == 403
    client.force_login(people.account(Role.REGISTRAR, host))
    assert client.get(reverse("members:accounts")).status_code == 200
    assert client.get(account.get_absolute_url()).status_code == 200


def test_the_registrar_opens_an_account_and_sees_the_password_once(client, host):
    client.force_login(people.account(Role.REGISTRAR, host))
    response = client.post(
        reverse("members:account_new"), {"username": "clerk2", "display_name": "经办 02"}, follow=True
    )
    assert response.context["first_password"]
    account = Account.objects.get(username="clerk2")
    assert client.get(account.get_absolute_url()).context["first_password"] == ""


def test_townships_without_a_convenor_are_listed(client, host):
    people.convenor(host, "341103005000")
    client.force_login(people.office(host))
    response = client.get(reverse("members:convenors"))
    vacant = [region.code for region in response.context["vacant"]]
    assert "341103005000" not in vacant
    assert "341103003000" in vacant


def test_a_changed_limit_counts_from_today(client, host):
    office = people.office(host)
    client.force_login(office)
    page = reverse("members:setting", args=["limits.screening_days"])
    assert client.post(page, {"value": "4", "since": ""}).status_code == 302
    assert client.post(page, {"value": "0", "since": ""}).status_code == 422
    assert client.get(reverse("members:setting", args=["limits.nosuch"])).status_code == 404
