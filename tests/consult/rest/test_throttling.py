"""Unknown writers are counted together for all workers; without Redis they wait and nobody else does."""

import uuid

import pytest
from django.http import HttpResponse
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from consult.rest.throttling import AnonymousWriteThrottle
from consult.rest.viewsets import StrictView
from tests.factories import people


class Slips(StrictView):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    def get_throttles(self):
        return [type("Few", (AnonymousWriteThrottle,), {"calls": 3, "scope": self.scope})()]

    def get(self, request):
        return Response({})

    def post(self, request):
        return Response({})


@pytest.fixture
def call(db):
    view = Slips.as_view(scope=uuid.uuid4().hex)

    def send(method="post", user=None, **headers) -> HttpResponse:
        request = getattr(APIRequestFactory(), method)("/", {}, format="json" if method == "post" else None, **headers)
        if user is not None:
            force_authenticate(request, user)
        return view(request)

    return send


Slips.scope = ""


@pytest.mark.servers
def test_the_fourth_call_waits_whatever_address_is_claimed(call):
    statuses = [call(HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = call()
    assert refused.data["code"] == "throttled"
    assert 0 < int(refused.headers["Retry-After"]) <= 601
    assert call(REMOTE_ADDR="192.0.2.7").status_code == 200
    assert call("get").status_code == 200
    assert call(user=people.account()).status_code == 200


def test_without_redis_only_unknown_writers_wait(call, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    refused = call()
    assert (refused.status_code, refused.data["code"]) == (503, "unavailable")
    assert call("get").status_code == 200
    assert call(user=people.account()).status_code == 200
