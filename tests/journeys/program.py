"""A program that works through the API: a token, a fresh key for every call, and only moves that were offered."""

from __future__ import annotations

import uuid
from typing import Any

from knox.models import AuthToken
from rest_framework.test import APIClient


class Program:
    def __init__(self, account: Any):
        self.client = APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(account)[1]}")

    def read(self, noun: str, name: Any) -> dict[str, Any]:
        response = self.client.get(f"/api/v1/{noun}/{name}/")
        assert response.status_code == 200, (noun, response.data)
        return response.json()

    def find(self, noun: str, **filters: Any) -> list[dict[str, Any]]:
        response = self.client.get(f"/api/v1/{noun}/", filters)
        assert response.status_code == 200, (noun, response.data)
        return response.json()["results"]

    def create(self, noun: str, **data: Any) -> dict[str, Any]:
        return self._send(f"/api/v1/{noun}/", 201, data)

    def move(self, noun: str, name: Any, verb: str, **data: Any) -> dict[str, Any]:
        offered = self.read(noun, name)["actions"]
        assert verb in offered, f"{verb} is not offered, only {offered}"
        return self._send(f"/api/v1/{noun}/{name}/{verb}/", 200, data)

    def _send(self, url: str, expected: int, data: dict[str, Any]) -> dict[str, Any]:
        key = str(uuid.uuid4())
        response = self.client.post(url, data, format="json", HTTP_IDEMPOTENCY_KEY=key)
        assert response.status_code == expected, (url, response.status_code, response.data)
        again = self.client.post(url, data, format="json", HTTP_IDEMPOTENCY_KEY=key)
        assert (again.status_code, again.json()) == (expected, response.json()), "the key has its stored answer"
        return response.json()
