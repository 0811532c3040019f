"""Numbers: gapless per organisation, kind and year, whoever races and whatever is rolled back."""

import random
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, transaction

from consult.audit import Entry
from consult.errors import Missing, WrongState
from consult.numbering import Number, annul_number, gaps, take_number
from consult.numbering.models import Counter
from consult.numbering.services import write_number
from tests.factories import people

PATTERN = "{short}协商纪〔{year}〕{n}号"


def take(organisation_id=1, kind="minutes", year=2026, pattern=PATTERN):
    return take_number(organisation_id=organisation_id, kind=kind, year=year, pattern=pattern, short_name="南谯")


@pytest.mark.django_db
def test_each_organisation_kind_and_year_counts_for_itself():
    taken = [take(), take(), take(organisation_id=2), take(kind="notice"), take(year=2027), take()]
    assert [number.n for number in taken] == [1, 2, 1, 1, 1, 3]
    assert str(taken[1]) == "南谯协商纪〔2026〕2号"
    assert len({number.uuid for number in taken}) == 6
    assert gaps() == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given():
    with pytest.raises(RuntimeError, match="transaction"):
        take()
    assert not Counter.objects.exists()


@pytest.mark.django_db
def test_a_move_that_fails_gives_its_number_back():
    take()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert take().n == 2
        raise ZeroDivisionError
    assert take().n == 2
    assert gaps() == []


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_eight_clerks_with_failing_moves_leave_neither_gap_nor_double():
    start, given, lock = threading.Barrier(8), [], threading.Lock()

    def clerk(seed):
        dice = random.Random(seed)
        start.wait(10)
        try:
            for _ in range(12):
                try:
                    with transaction.atomic():
                        number = take()
                        if dice.random() < 0.4:
                            raise ZeroDivisionError
                    with lock:
                        given.append(number.n)
                except ZeroDivisionError:
                    pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(given) > 30
    assert sorted(given) == list(range(1, len(given) + 1))
    assert list(Number.objects.values_list("n", flat=True)) == sorted(given)
    assert gaps() == []


@pytest.mark.django_db
def test_an_annulled_number_stays_and_is_not_given_again():
    clerk = people.account("office", people.host())
    number = take()
    with pytest.raises(Missing):
        annul_number(number.pk, actor=clerk, reason="  ")
    annulled = annul_number(number.pk, actor=clerk, reason="重复发文")
    assert annulled.annulled_at is not None and annulled.reason == "重复发文"
    entry = Entry.objects.about(number).get()
    assert (entry.verb, entry.reason, entry.data) == ("number.annul", "重复发文", {"text": "南谯协商纪〔2026〕1号"})
    with pytest.raises(WrongState):
        annul_number(number.pk, actor=clerk, reason="再次")
    assert take().n == 2
    assert list(Number.objects.valid().values_list("n", flat=True)) == [2]
    assert gaps() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil", [lambda rows: rows.delete(), lambda rows: rows.update(n=9), lambda rows: rows.update(text="x")]
)
def test_the_database_keeps_the_register_as_it_is(spoil):
    take()
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        spoil(Number.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["", "纪要{n}号", "〔{year}〕号", "{short}〔{year}〕{n}号{secret}"])
def test_a_pattern_without_year_and_number_is_refused(pattern):
    with pytest.raises(ValidationError):
        take(pattern=pattern)
    assert not Counter.objects.exists()


def test_a_pattern_is_filled_in_never_evaluated():
    text = write_number("{short}〔{year}〕{n}号 {short.__class__} %(n)s {{n}}", "南{n}谯", 2026, 3)
    assert text == "南{n}谯〔2026〕3号 {short.__class__} %(n)s {3}"


@pytest.mark.django_db
def test_gaps_are_found_and_named():
    Number.objects.create(organisation_id=1, kind="topic", year=2026, n=1, text="1")
    Number.objects.create(organisation_id=1, kind="topic", year=2026, n=3, text="3")
    Counter.objects.create(organisation_id=1, kind="topic", year=2026, last=4)
    assert gaps() == [
        "1/topic/2026: nothing between 1 and 3",
        "1/topic/2026: the counter says 4, the register 3",
    ]
