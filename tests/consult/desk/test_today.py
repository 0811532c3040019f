"""今日工作: what waits for whom, by when, and at a fixed price."""

import pytest
from django.urls import reverse

from tests.factories import people
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db


def test_first(client):
    host = people.host()
    everyone = matters.everyone(host)
    for n in range(3):
        matters.slip(host)
    for role, account in everyone.items():
        client.force_login(account)
        page = client.get(reverse("desk:today"))
        assert page.status_code == 200, role
        print(role, [t.title for t in page.context["work"].tasks])
