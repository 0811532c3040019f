"""What a CPPCC sets: a default for everything, a row per value, the value of the day."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from consult import options
from consult.errors import DomainError, NotAllowed
from consult.options import values
from consult.options.defaults import DEFAULTS, GROUPS, RISING
from consult.options.models import OptionValue
from tests.factories import people

PROCEDURE = {
    "limits.screening_days": 3,
    "limits.send_back_days": 5,
    "limits.notice_days_formal": 5,
    "limits.notice_days_micro": 0,
    "limits.minutes_days_formal": 7,
    "limits.minutes_days_micro": 3,
    "limits.reply_months": 3,
    "limits.satisfaction_days": 15,
    "limits.posting_days": 5,
    "limits.explain_days": 5,
    "limits.returned_lapse_days": 30,
    "ladder.first_days": 7,
    "ladder.second_days": 3,
    "ladder.urge_days": 1,
    "ladder.supervise_days": 5,
    "ladder.report_days": 15,
    "ladder.weekly_days": 7,
    "lists.tags": ["操心事", "烦心事", "揪心事", "热点", "难点", "堵点"],
    "contact.phone": "",
    "numbers.minutes": "{short}协商纪〔{year}〕{n}号",
}


@pytest.mark.parametrize(("key", "value"), PROCEDURE.items())
def test_the_defaults_are_those_of_the_procedure(key, value):
    assert options.get(None, key) == value


@pytest.mark.parametrize("option", DEFAULTS.values(), ids=lambda option: option.key)
def test_every_default_is_a_fit_value(option):
    assert option.group in GROUPS
    if option.default != "":
        assert values.clean(option, option.default) == option.default


def test_the_default_ladder_rises():
    assert all(DEFAULTS[small].default < DEFAULTS[large].default for small, large in RISING)


def test_an_unknown_key_is_refused_by_name():
    with pytest.raises(DomainError, match="limits.nosuch"):
        options.get(None, "limits.nosuch")


@pytest.mark.django_db
def test_a_value_holds_from_its_day_and_for_its_host():
    ours, theirs = people.host(people.NANQIAO), people.host(people.LANGYA)
    today = timezone.localdate()
    registrar = people.account("registrar", ours)
    options.set_option(ours.pk, "limits.screening_days", "4", actor=registrar)
    options.set_option(ours.pk, "limits.screening_days", 6, actor=registrar, since=today + timedelta(days=10))
    days = [-1, 0, 9, 10, 400]
    in_force = [options.get(ours.pk, "limits.screening_days", on=today + timedelta(days=day)) for day in days]
    assert in_force == [3, 4, 4, 6, 6]
    assert options.get(theirs.pk, "limits.screening_days") == 3


@pytest.mark.django_db
def test_the_last_word_of_a_day_holds_and_the_first_is_kept():
    ours = people.host()
    office = people.office(ours)
    for days in (4, 5, 6):
        options.set_option(ours.pk, "limits.posting_days", days, actor=office)
    assert options.get(ours.pk, "limits.posting_days") == 6
    assert list(OptionValue.objects.order_by("pk").values_list("value", "set_by_name")) == [
        (4, str(office)),
        (5, str(office)),
        (6, str(office)),
    ]


@pytest.mark.django_db
def test_a_value_begins_today_or_later():
    ours = people.host()
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError):
        options.set_option(ours.pk, "limits.posting_days", 6, actor=people.office(ours), since=yesterday)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE options_optionvalue SET value = '9'", "DELETE FROM options_optionvalue"])
def test_what_was_set_can_be_neither_changed_nor_deleted(change):
    ours = people.host()
    row = options.set_option(ours.pk, "limits.posting_days", 6, actor=people.office(ours))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(DomainError):
        row.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("registrar", True),
        ("office", True),
        ("approver", False),
        ("convenor", False),
        ("group_leader", False),
        ("member", False),
        ("village_liaison", False),
        ("liaison", False),
        ("unit_chief", False),
        ("supervision_office", False),
        ("supervisor", False),
    ],
)
def test_who_may_set(role, may):
    ours, theirs = people.host(people.NANQIAO), people.host(people.LANGYA)
    actor = people.account(role, ours)
    with pytest.raises(NotAllowed):
        options.set_option(theirs.pk, "limits.posting_days", 6, actor=actor)
    if may:
        options.set_option(ours.pk, "limits.posting_days", 6, actor=actor)
    else:
        with pytest.raises(NotAllowed):
            options.set_option(ours.pk, "limits.posting_days", 6, actor=actor)
    assert OptionValue.objects.count() == int(may)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("limits.posting_days", "five"),
        ("limits.posting_days", 0),
        ("limits.posting_days", 121),
        ("limits.posting_days", True),
        ("limits.posting_days", "９"),
        ("limits.posting_days", 4.5),
        ("limits.posting_days", None),
        ("limits.posting_days", "9" * 5000),
        ("contact.phone", 7),
        ("contact.phone", "0" * 41),
        ("contact.phone", "055\x00"),
        ("lists.tags", []),
        ("lists.tags", "\n \n"),
        ("lists.tags", ["热点", "热点"]),
        ("lists.tags", ["长" * 41]),
        ("lists.tags", [["热点"]]),
        ("lists.tags", {"热点": 1}),
        ("lists.tags", [str(n) for n in range(201)]),
        ("lists.sources", [["resident", "群众"]]),
        ("lists.sources", "resident"),
        ("lists.sources", [["resident", ""]]),
        ("numbers.minutes", "{short}纪"),
        ("numbers.minutes", "{short}纪〔{year}〕号"),
        ("numbers.minutes", "{n}{n}{year}"),
        ("numbers.minutes", "{year}{n}{0}"),
        ("numbers.minutes", "{year.real}{n}"),
        ("numbers.minutes", "{year!r}{n}"),
        ("numbers.minutes", "{year}{n:>100000000}"),
        ("numbers.minutes", "{year}{n"),
    ],
)
def test_unfit_values_are_refused_with_a_sentence(key, value):
    with pytest.raises(ValidationError) as refusal:
        values.clean(DEFAULTS[key], value)
    assert refusal.value.messages[0]


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("limits.posting_days", " 7 ", 7),
        ("lists.tags", "热点\r\n\r\n 难点 \n", ["热点", "难点"]),
        ("contact.phone", " 0550-  3012345 ", "0550- 3012345"),
        ("numbers.minutes", "{short}政协纪〔{year}〕{n}号", "{short}政协纪〔{year}〕{n}号"),
    ],
)
def test_what_is_typed_into_the_form_is_read(key, typed, stored):
    assert values.clean(DEFAULTS[key], typed) == stored


def test_words_of_fixed_keys_may_change():
    typed = "\n".join(f"{key} 新{word}" for key, word in DEFAULTS["lists.effects"].default)
    assert values.clean(DEFAULTS["lists.effects"], typed)[0] == ["explained", "新解疑释惑"]


@pytest.mark.django_db
def test_the_ladder_cannot_climb_backwards():
    ours = people.host()
    office = people.office(ours)
    with pytest.raises(ValidationError):
        options.set_option(ours.pk, "ladder.supervise_days", 15, actor=office)
    options.set_option(ours.pk, "ladder.report_days", 20, actor=office)
    options.set_option(ours.pk, "ladder.supervise_days", 15, actor=office)


@pytest.mark.django_db
def test_the_settings_page_reads_everything_by_one_query(django_assert_num_queries):
    ours = people.host()
    office = people.office(ours)
    later = timezone.localdate() + timedelta(days=3)
    options.set_option(ours.pk, "limits.posting_days", 6, actor=office)
    options.set_option(ours.pk, "limits.posting_days", 8, actor=office, since=later)
    with django_assert_num_queries(1):
        settings = {setting.key: setting for setting in options.describe(ours.pk)}
    assert list(settings) == list(DEFAULTS)
    posting = settings["limits.posting_days"]
    assert (posting.value, posting.set_by, posting.is_default) == (6, str(office), False)
    assert [(row.value, row.since) for row in posting.coming] == [(8, later)]
    assert settings["limits.screening_days"].is_default


@pytest.mark.django_db
def test_one_request_asks_once_and_the_next_asks_again(client, django_assert_num_queries):
    ours = people.host()
    with django_assert_num_queries(1):
        for _row in range(30):
            options.get(ours.pk, "lists.tags")
    client.get("/healthz")
    with django_assert_num_queries(1):
        options.get(ours.pk, "lists.tags")


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_remembered():
    ours = people.host()
    office = people.office(ours)
    with pytest.raises(RuntimeError), transaction.atomic():
        options.set_option(ours.pk, "limits.posting_days", 9, actor=office)
        assert options.get(ours.pk, "limits.posting_days") == 9
        raise RuntimeError
    assert options.get(ours.pk, "limits.posting_days") == 5


@pytest.mark.django_db(transaction=True)
def test_two_setting_at_once_leave_two_rows():
    ours = people.host()
    office = people.office(ours)
    barrier = threading.Barrier(2)

    def set_to(days):
        barrier.wait()
        options.set_option(ours.pk, "limits.posting_days", days, actor=office)
        connection.close()

    threads = [threading.Thread(target=set_to, args=(days,)) for days in (6, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(OptionValue.objects.values_list("value", flat=True)) == [6, 8]
    assert options.get(ours.pk, "limits.posting_days") == OptionValue.objects.latest("pk").value


@pytest.mark.django_db
def test_words_for_a_form():
    assert options.words(None, "lists.tags")[0] == ("操心事", "操心事")
    assert options.words(None, "lists.sources")[0] == ("resident", "群众点单")
    assert options.label_of(None, "lists.sources", "party") == "党委出题"
    assert options.label_of(None, "lists.sources", "gone") == "gone"
