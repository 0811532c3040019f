"""The core: a key starts once, answers the same, and dies with its transaction."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from consult.idempotency import (
    Fingerprint,
    InFlight,
    KeyInFlight,
    KeyReused,
    Mismatch,
    Started,
    Stored,
    StoredAnswer,
    begin,
    finish,
    once,
)
from consult.idempotency.services import doubles, purge
from consult.idempotency.tasks import purge_answers

ME, KEY = "account:1", "k"
POST = ("POST", "/api/v1/topics/", "hash")


def _in_another_thread(work):
    """Run it on a connection of its own and hand back what it returned."""
    results = []

    def run():
        try:
            with transaction.atomic():
                results.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_a_key_cannot_begin():
    with pytest.raises(RuntimeError, match="transaction"):
        begin(ME, KEY, *POST)


@pytest.mark.django_db
def test_started_then_stored_with_the_same_answer():
    started = begin(ME, KEY, *POST)
    assert isinstance(started, Started)
    finish(started, status=201, headers={"Location": "/x"}, body=b"{}")
    again = begin(ME, KEY, *POST)
    assert isinstance(again, Stored)
    assert (again.answer.status, again.answer.headers, bytes(again.answer.body)) == (201, {"Location": "/x"}, b"{}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [("PATCH", POST[1], POST[2]), ("POST", "/api/v1/topics/1/pool/", POST[2]), (*POST[:2], "other")]
)
def test_another_method_path_or_body_is_a_mismatch(other):
    finish(begin(ME, KEY, *POST), status=200)
    assert isinstance(begin(ME, KEY, *other), Mismatch)
    with pytest.raises(KeyReused) as refusal, once(ME, KEY, Fingerprint(*other)):
        pass
    assert (refusal.value.status, refusal.value.code) == (422, "key_reused")


@pytest.mark.django_db
def test_another_owner_or_key_is_another_request():
    finish(begin(ME, KEY, *POST), status=200)
    assert isinstance(begin("account:2", KEY, *POST), Started)
    assert isinstance(begin(ME, "k2", *POST), Started)


@pytest.mark.django_db
def test_long_paths_are_still_told_apart():
    path = "/" + "a" * 600
    finish(begin(ME, KEY, "POST", path + "1", "h"), status=200)
    assert isinstance(begin(ME, KEY, "POST", path + "1", "h"), Stored)
    assert isinstance(begin(ME, KEY, "POST", path + "2", "h"), Mismatch)


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_is_undone_takes_its_key_with_it():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), once(ME, KEY, Fingerprint(*POST)) as slot:
        slot.keep(status=200)
        raise ZeroDivisionError
    assert not StoredAnswer.objects.exists()
    with transaction.atomic(), once(ME, KEY, Fingerprint(*POST)) as slot:
        assert slot.answer is None


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_told_so_at_once():
    with transaction.atomic():
        assert isinstance(begin(ME, KEY, *POST), Started)
        begun = time.monotonic()
        thread, results = _in_another_thread(lambda: begin(ME, KEY, *POST))
        thread.join(10)
        assert results == [InFlight()]
        assert time.monotonic() - begun < 3
    refused, _ = KeyInFlight(), None
    assert (refused.status, refused.code) == (409, "in_flight")


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_who_waits_gets_the_answer_of_the_first():
    with transaction.atomic():
        started = begin(ME, KEY, *POST)
        thread, results = _in_another_thread(lambda: begin(ME, KEY, *POST, wait=10))
        time.sleep(0.2)
        assert results == []
        finish(started, status=204)
    thread.join(10)
    assert isinstance(results[0], Stored) and results[0].answer.status == 204


@pytest.mark.django_db
def test_the_database_allows_one_answer_per_key():
    started = begin(ME, KEY, *POST)
    finish(started, status=200)
    with pytest.raises(IntegrityError), transaction.atomic():
        finish(started, status=200)
    assert doubles() == []


@pytest.mark.django_db
def test_answers_are_kept_for_45_days():
    for age in (44, 46, 400):
        finish(begin(ME, f"k{age}", *POST), status=200)
        created = timezone.now() - timedelta(days=age)
        StoredAnswer.objects.filter(key=f"k{age}").update(created_at=created)
    assert purge(batch=1) == 2
    purge_answers()
    assert list(StoredAnswer.objects.values_list("key", flat=True)) == ["k44"]
