"""Everybody is told once; only his own inbox is his."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from consult import delivery
from consult.delivery.context_processors import inbox
from consult.delivery.models import InboxItem, Outgoing, SendState
from tests.factories import people


def with_mail(**changes):
    return people.account(email="office@example.org", **changes)


@pytest.mark.django_db
def test_told_twice_under_one_key_is_told_once():
    reader = with_mail()
    first = delivery.tell(reader, key="topic.pool:1", title="议题已入库", body="公厕移交", url="/topics/1/")
    again = delivery.tell(reader, key="topic.pool:1", title="另一个标题")
    assert first == again
    assert list(InboxItem.objects.values_list("title", "body", "url")) == [("议题已入库", "公厕移交", "/topics/1/")]
    assert Outgoing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_told_by_24_threads_is_told_once():
    reader = with_mail()
    barrier = threading.Barrier(24)

    def tell():
        barrier.wait()
        delivery.tell(reader, key="topic.pool:1", title="议题已入库")
        connection.close()

    threads = [threading.Thread(target=tell) for _n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert InboxItem.objects.count() == Outgoing.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "mails"),
    [({"email": "a@example.org"}, 1), ({"email": ""}, 0), ({"email": "a@example.org", "is_active": False}, 0)],
)
def test_mail_waits_for_who_has_an_address(changes, mails):
    delivery.tell(people.account(**changes), key="k", title="通知")
    assert InboxItem.objects.count() == 1
    assert Outgoing.objects.count() == mails


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_told():
    reader = with_mail()
    with pytest.raises(RuntimeError), transaction.atomic():
        delivery.tell(reader, key="k", title="通知")
        raise RuntimeError
    assert not InboxItem.objects.exists() and not Outgoing.objects.exists()


@pytest.mark.django_db
def test_who_is_named_twice_is_told_once():
    one, other = people.account(), people.account()
    told = delivery.tell_all([one, other, one], key="k", title="通知")
    assert [item.account for item in told] == [one, other]


@pytest.mark.django_db
def test_words_stay_literal_and_a_subject_smuggles_nothing():
    delivery.tell(with_mail(), key="k", title="标题\r\nBcc: all@example.org", body="{{ x }} %(y)s <b>粗</b>")
    letter = Outgoing.objects.get()
    assert letter.subject == "标题 Bcc: all@example.org"
    assert "{{ x }} %(y)s <b>粗</b>" in letter.body
    long = delivery.tell(with_mail(username="other"), key="k", title="长" * 300)
    assert len(long.title) == 200


@pytest.mark.django_db
def test_the_letter_leads_to_the_page(settings):
    settings.PUBLIC_URL = "https://board.example.org/"
    delivery.tell(with_mail(), key="k", title="通知", url="/topics/1/")
    assert "https://board.example.org/topics/1/" in Outgoing.objects.get().body


@pytest.mark.django_db
def test_everybody_reads_and_marks_his_own_inbox_only():
    mine, other = people.account(), people.account()
    item = delivery.tell(mine, key="k", title="通知")
    delivery.tell(mine, key="k2", title="通知")
    assert [InboxItem.objects.visible_to(reader).count() for reader in (mine, other, AnonymousUser())] == [2, 0, 0]
    delivery.mark_read(item, actor=other)
    assert InboxItem.objects.visible_to(mine).unread().count() == 2
    delivery.mark_read(item, actor=mine)
    assert InboxItem.objects.visible_to(mine).unread().count() == 1
    assert delivery.mark_all_read(actor=mine) == 1
    assert InboxItem.objects.visible_to(mine).unread().count() == 0


@pytest.mark.django_db
def test_the_count_is_asked_only_where_it_is_printed(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = people.account()
    delivery.tell(request.user, key="k", title="通知")
    with django_assert_num_queries(0):
        context = inbox(request)
    with django_assert_num_queries(1):
        assert str(context["unread_count"]) == "1"


@pytest.mark.django_db
def test_what_no_longer_holds_falls_silent():
    mine, other = with_mail(username="one"), with_mail(username="two")
    for reader in (mine, other):
        delivery.tell(reader, key="k", title="通知")
    delivery.mark_all_read(actor=other)
    assert delivery.recall("k") == 1
    assert InboxItem.objects.visible_to(mine).unread().count() == 0
    assert set(Outgoing.objects.values_list("state", flat=True)) == {SendState.RECALLED}
