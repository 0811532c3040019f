"""The directory through the API."""

import pytest

from members.models import Convenor, Member, Organisation
from members.states import Role
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return people.host()


def post(client, noun, **body):
    return client.post(f"/api/v1/{noun}/", body, content_type="application/json")


def test_the_office_enters_units_members_groups_and_convenors(client, host):
    client.force_login(people.office(host))
    here = {"host": str(host.uuid), "region_code": "341103005000"}
    assert post(client, "organisations", kind="department", name="区水利局", **here).status_code == 201
    assert post(client, "members", name="委员甲", sector="经济", term="第十届", **here).status_code == 201
    assert post(client, "groups", name="同乐小组", **here).status_code == 201
    assert post(client, "convenors", name="召集人甲", **here).status_code == 201
    assert Organisation.objects.get(name="区水利局").region_code == "341103005000"
    assert Member.objects.get().name_key == "wei yuan jia"
    assert Convenor.objects.get().host == host


@pytest.mark.parametrize("role", [Role.MEMBER, Role.APPROVER, Role.CONVENOR, Role.REGISTRAR])
def test_nobody_else_does(client, host, role):
    client.force_login(people.account(role, host))
    answer = post(client, "groups", host=str(host.uuid), name="小组", region_code="341103005000")
    assert answer.status_code in (400, 403)
    assert "code" in answer.json()


def test_another_countys_host_is_not_found(client, host):
    client.force_login(people.office(people.host(people.LANGYA)))
    answer = post(client, "groups", host=str(host.uuid), name="小组", region_code="341103005000")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["host"])


def test_unknown_fields_and_states_are_refused_by_name(client, host):
    client.force_login(people.office(host))
    answer = post(
        client,
        "groups",
        host=str(host.uuid),
        name="小组",
        region_code="341103005000",
        is_sample=True,
        closed_on="2020-01-01",
    )
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"is_sample", "closed_on"}


def test_no_telephone_in_any_answer(client, host):
    people.member(host, phone="13900001234")
    people.convenor(host, "341103005000", phone="13900001234")
    client.force_login(people.office(host))
    for noun in ("members", "convenors", "organisations", "groups"):
        assert "13900001234" not in client.get(f"/api/v1/{noun}/").content.decode()
