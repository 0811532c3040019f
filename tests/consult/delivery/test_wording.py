"""B64: a county's words are plain text; what stands for a name is never read again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consult import delivery
from consult.delivery.kinds import KINDS, kind_of
from consult.delivery.models import InboxItem, Outgoing, Wording
from consult.delivery.wording import clean_texts, fill, history, set_wording, short_text, texts_of
from consult.errors import DomainError, NotAllowed
from tests.factories import people

pytestmark = pytest.mark.django_db
NASTY = "{{ settings.SECRET_KEY }} {% now %} %(unit)s {due} [, due {due}] <b>**粗**</b> ${x}"


@pytest.mark.parametrize(
    ("text", "facts", "filled"),
    [
        ("{title}", {"title": "西二路公厕"}, "西二路公厕"),
        ("{kind}[, due {due}].", {"kind": "催办", "due": date(2026, 11, 24)}, "催办, due 2026-11-24."),
        ("{kind}[, due {due}].", {"kind": "催办"}, "催办."),
        ("[{unit}：][{number} ]{title}", {"title": "t", "number": "1号"}, "1号 t"),
        ("[不是选项]", {}, "[不是选项]"),
        ("{title}", {"title": NASTY}, NASTY),
        ("{title}{body}", {"title": "{body}", "body": "{title}"}, "{body}{title}"),
        ("{{ x }} %(unit)s", {"unit": "局"}, "{{ x }} %(unit)s".replace("{ x }", "")),
    ],
)
def test_names_are_filled_in_one_pass(text, facts, filled):
    assert fill(text, facts) == filled


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        ({"subject": "{title} {secret}"}, {"subject"}),
        ({"body": "{{ title }}"}, {"body"}),
        ({"body": "{title.__class__}"}, {"body"}),
        ({"body": "{title!r}"}, {"body"}),
        ({"body": "{title"}, {"body"}),
        ({"short": "{matter}"}, {"short"}),
        ({"short": "{title}"}, {"short"}),
        ({"subject": "长" * 201, "short": "{body}"}, {"subject", "short"}),
        ({"subject": "{kind}：{matter}", "body": "{unit} {due}\n{number}", "short": "{kind} {unit}"}, set()),
    ],
)
def test_only_names_from_the_list_are_taken(texts, wrong):
    given = {"subject": "", "body": "", "short": "", **texts}
    if not wrong:
        assert clean_texts(**given) == given
        return
    with pytest.raises(ValidationError) as refused:
        clean_texts(**given)
    assert set(refused.value.message_dict) == wrong


def test_a_county_words_its_notices_and_another_does_not_notice():
    here, there = people.office(people.host()), people.office(people.host(people.LANGYA))
    set_wording(here.home_id, "urge", actor=here, subject="【催办】{matter}", body="{unit}：请于{due}前办结。\n{body}")
    for office in (here, there):
        delivery.tell(
            office,
            key=f"k{office.pk}",
            title="催办：公厕",
            body="原文",
            kind="urge",
            facts={"matter": "西二路公厕", "unit": "城管局", "due": date(2026, 11, 24)},
        )
    assert list(InboxItem.objects.order_by("pk").values_list("title", "body", "due_on")) == [
        ("【催办】西二路公厕", "城管局：请于2026-11-24前办结。\n原文", date(2026, 11, 24)),
        ("催办：公厕", "原文", date(2026, 11, 24)),
    ]


def test_nasty_names_stay_literal_and_smuggle_no_header():
    office = people.office(people.host(), email="a@example.org")
    set_wording(office.home_id, "other", actor=office, subject="{matter}")
    delivery.tell(office, key="k", title="x", kind="other", facts={"matter": f"{NASTY}\r\nBcc: all@example.org"})
    row = Outgoing.objects.get()
    assert row.subject == f"{NASTY} Bcc: all@example.org"


def test_numbers_of_persons_do_not_leave_the_house():
    office = people.office(people.host(), email="a@example.org")
    delivery.tell(office, key="k", title="联系 13812345678", body="身份证 110101199003074530 的群众")
    row = Outgoing.objects.get()
    assert "13812345678" not in row.subject + row.body and "110101199003074530" not in row.body
    assert InboxItem.objects.get().title == "联系 13812345678"


def test_every_wording_is_kept_and_the_default_comes_back():
    office = people.office(people.host())
    for text in ("{title}一", "{title}二"):
        set_wording(office.home_id, "topic", actor=office, subject=text)
    assert texts_of(office.home_id, "topic").subject == "{title}二"
    set_wording(office.home_id, "topic", actor=office)
    assert texts_of(office.home_id, "topic").is_default
    assert [(row.subject, row.is_default) for row in history(office.home_id, "topic")] == [
        ("", True),
        ("{title}二", False),
        ("{title}一", False),
    ]
    with pytest.raises(DomainError):
        Wording.objects.first().save()


def test_only_office_and_registrar_of_the_house_word_notices():
    host = people.host()
    for stranger in (people.office(people.host(people.LANGYA)), people.account("member", host)):
        with pytest.raises(NotAllowed):
            set_wording(host.pk, "topic", actor=stranger, subject="x")


def test_a_short_text_of_ones_own_gets_only_what_it_may():
    office = people.office(people.host())
    set_wording(office.home_id, "urge", actor=office, short="{kind}[，{unit}][，期限{due}]")
    facts = {"matter": "张三", "title": "张三", "unit": "城管局", "due": date(2026, 11, 24)}
    text = short_text("urge", office.home_id, facts)
    assert text.endswith("，城管局，期限2026-11-24") and "张三" not in text


class Event:
    def __init__(self, name):
        self.name = name


@pytest.mark.parametrize(
    ("key", "event", "kind"),
    [
        ("reminder:assignment:7:T-7:2026-11-24", "", "remind"),
        ("reminder:assignment:7:due:2026-11-24", "", "remind"),
        ("reminder:assignment:7:+1:2026-11-24", "", "urge"),
        ("reminder:assignment:7:+5:2026-11-24", "", "supervise"),
        ("reminder:assignment:7:+15:2026-11-24", "", "report"),
        ("reminder:assignment:7:weekly-3:2026-11-24", "", "report"),
        ("12:audience", "topic.pool", "topic"),
        ("session.close:5", "session.close", "session"),
        ("session.announce:5:1", "", "session"),
        ("x", "assignment.issue", "assignment"),
        ("hand_over:1", "", "other"),
    ],
)
def test_which_kind_a_notice_is(key, event, kind):
    assert kind_of(key, Event(event) if event else None) == kind
    assert kind in KINDS
