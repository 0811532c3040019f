"""How I am told, by a program: what the page sets, and one's own only."""

import pytest
from rest_framework.test import APIClient

from consult.delivery.models import Preference
from tests.factories import people

pytestmark = pytest.mark.django_db
URL = "/api/v1/preferences/"
DEFAULT = {
    "by_email": True,
    "by_sms": True,
    "pace": "now",
    "digest_hour": 8,
    "quiet_from": None,
    "quiet_until": None,
    "kinds": {},
    "reached_by": ["email"],
}


@pytest.fixture(autouse=True)
def _no_quiet_hours(settings):
    settings.DELIVERY_QUIET_HOURS = None


@pytest.fixture
def me():
    return people.account(email="me@example.org")


def client_of(account):
    client = APIClient()
    client.force_authenticate(account)
    return client


def test_who_has_chosen_nothing_has_the_defaults(me):
    answer = client_of(me).get(URL)
    assert (answer.status_code, answer.json()) == (200, DEFAULT)
    assert not Preference.objects.exists()


MOVES = [
    ("set_pace", {"pace": "digest", "digest_hour": 17}, {"pace": "digest", "digest_hour": 17}),
    ("set_pace", {"pace": "inbox"}, {"pace": "inbox"}),
    ("set_pace", {"pace": "now", "kinds": {"topic": "digest"}}, {"kinds": {"topic": "digest"}}),
    ("set_quiet", {"quiet_from": 22, "quiet_until": 7}, {"quiet_from": 22, "quiet_until": 7}),
    ("set_quiet", {"quiet_from": None, "quiet_until": None}, {}),
    ("set_channels", {"by_email": False, "by_sms": True}, {"by_email": False, "reached_by": []}),
]


@pytest.mark.parametrize(("move", "given", "changed"), MOVES)
def test_a_move_changes_what_it_names_and_nothing_else(me, move, given, changed):
    client = client_of(me)
    answer = client.post(f"{URL}{move}/", given, format="json", headers={"Idempotency-Key": "one"})
    assert (answer.status_code, answer.json()) == (200, DEFAULT | changed)
    assert client.get(URL).json() == DEFAULT | changed


@pytest.mark.parametrize(
    ("move", "given"),
    [
        ("set_pace", {"pace": "often"}),
        ("set_pace", {"pace": "digest", "digest_hour": 24}),
        ("set_pace", {"pace": "now", "kinds": {"weather": "digest"}}),
        ("set_pace", {"pace": "now", "account": 1}),
        ("set_quiet", {"quiet_from": 22, "quiet_until": None}),
        ("set_quiet", {"quiet_from": 22}),
        ("set_channels", {"by_email": "perhaps", "by_sms": True}),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(me, move, given):
    answer = client_of(me).post(f"{URL}{move}/", given, format="json", headers={"Idempotency-Key": "one"})
    assert answer.status_code == 400 and answer.json()["code"] == "invalid", answer.json()
    assert not Preference.objects.exclude(pace="now", quiet_from=None).exists()


def test_a_digest_in_ones_own_quiet_hours_is_refused(me):
    client = client_of(me)
    words = {"quiet_from": 22, "quiet_until": 7}
    client.post(f"{URL}set_quiet/", words, format="json", headers={"Idempotency-Key": "one"})
    late = {"pace": "digest", "digest_hour": 23}
    answer = client.post(f"{URL}set_pace/", late, format="json", headers={"Idempotency-Key": "two"})
    assert answer.status_code == 400 and "digest_hour" in answer.json()["fields"]
    assert client.get(URL).json() == DEFAULT | words


def test_everybody_has_his_own_and_sees_no_other(me):
    other = people.account(email="other@example.org")
    given = {"by_email": False, "by_sms": False}
    client_of(other).post(f"{URL}set_channels/", given, format="json", headers={"Idempotency-Key": "one"})
    assert client_of(me).get(URL).json() == DEFAULT
    assert client_of(me).get(URL, {"account": other.pk}).status_code == 400
    assert client_of(me).get(f"{URL}{other.pk}/").status_code == 404
    assert APIClient().get(URL).status_code == 401
    refused = APIClient().post(f"{URL}set_channels/", given, format="json", headers={"Idempotency-Key": "two"})
    assert refused.status_code in (401, 403)
