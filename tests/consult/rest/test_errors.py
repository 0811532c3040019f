"""Every refusal has a status, a code and a sentence."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DataError, OperationalError
from django.http import Http404
from rest_framework import exceptions, serializers

from consult.errors import DomainError, FourEyes, LostRace, Missing, NotAllowed, WrongState
from consult.rest.exceptions import handle


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DomainError("s"), 409, "conflict"),
        (DomainError("s", code="taken"), 409, "taken"),
        (WrongState("s"), 409, "wrong_state"),
        (LostRace("s"), 409, "lost_race"),
        (NotAllowed("s"), 403, "not_allowed"),
        (FourEyes("s"), 403, "four_eyes"),
        (Missing("s"), 400, "missing"),
        (ValidationError("s"), 400, "invalid"),
        (exceptions.ValidationError("s"), 400, "invalid"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "not_signed_in"),
        (exceptions.AuthenticationFailed(), 401, "not_signed_in"),
        (exceptions.PermissionDenied(), 403, "not_allowed"),
        (PermissionDenied(), 403, "not_allowed"),
        (exceptions.PermissionDenied("CSRF Failed: token missing"), 403, "csrf_failed"),
        (exceptions.NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (RequestDataTooBig(), 413, "too_large"),
        (exceptions.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (exceptions.Throttled(5), 429, "throttled"),
        (DataError("out of range"), 400, "invalid"),
        (OperationalError("gone"), 503, "unavailable"),
    ],
)
def test_errors_are_mapped(error, status, code):
    answer = handle(error)
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert answer.data["detail"]
    assert set(answer.data) <= {"code", "detail", "fields"}


def test_a_fault_of_ours_stays_one():
    assert handle(ZeroDivisionError()) is None


def test_fields_are_named_by_dotted_path():
    class Person(serializers.Serializer):
        name = serializers.CharField(max_length=3)

    class Sheet(serializers.Serializer):
        title = serializers.CharField()
        people = Person(many=True)
        tags = serializers.ListField(child=serializers.IntegerField())

        def validate(self, attrs):
            raise serializers.ValidationError("together")

    sheet = Sheet(data={"people": [{"name": "ok"}, {"name": "long!"}], "tags": [1, "x"]})
    sheet.is_valid()
    answer = handle(exceptions.ValidationError(sheet.errors))
    assert set(answer.data["fields"]) == {"title", "people.1.name", "tags.1"}
    fit = Sheet(data={"title": "t", "people": [], "tags": []})
    fit.is_valid()
    assert handle(exceptions.ValidationError(fit.errors)).data == {"code": "invalid", "detail": "together"}


def test_django_validation_keeps_its_fields():
    answer = handle(ValidationError({"due_on": ["too early"], "__all__": ["both"]}))
    assert answer.data["fields"] == {"due_on": ["too early"]}
    answer = handle(Missing({"reason": "写明原因"}))
    assert answer.data == {"code": "missing", "detail": "写明原因", "fields": {"reason": ["写明原因"]}}
