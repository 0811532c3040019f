"""What is found is what contains the words: compared with a plain scan over made-up texts."""

import random

import pytest
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from consult.search import match, search_vector, similar


class Paper(models.Model):
    """A table of these tests only; it is made and dropped inside the test's transaction."""

    title = models.CharField(max_length=100)
    body = models.TextField()
    search = SearchVectorField(null=True)

    class Meta:
        app_label = "search_tests"
        indexes = [GinIndex(fields=["search"], name="paper_search")]


WORDS = [
    *[
        "柳树沟",
        "村规",
        "民约",
        "公厕",
        "移交",
        "充电桩",
        "电瓶车",
        "飞线",
        "不动产权证",
        "宅基地",
        "林权",
        "土地",
        "流转",
    ],
    *[
        "安置",
        "物业",
        "门岗",
        "楼道",
        "协商",
        "议事会",
        "施集镇",
        "井楠村",
        "龙蟠南苑",
        "𠮷家湾",
        "䶮城",
        "路灯",
        "自来水",
    ],
    *["排水沟", "停车难", "养老", "食堂", "广场舞", "噪声", "5G基站", "wifi信号", "2021年", "三组", "买买提·吐尔逊"],
]


@pytest.fixture
def papers(db):
    with connection.schema_editor() as editor:
        editor.create_model(Paper)
    return Paper.objects


def keep(title, body=""):
    return Paper.objects.create(title=title, body=body, search=search_vector(title, body))


@pytest.fixture
def many(papers):
    rng = random.Random(7)
    rows = []
    for _number in range(600):
        title = "".join(rng.choices(WORDS, k=rng.randint(1, 3)))
        body = "".join(
            rng.choice(WORDS) + rng.choice(["", "", "，", "。", "\n"]) for _word in range(rng.randint(0, 25))
        )
        rows.append(Paper(title=title, body=body, search=search_vector(title, body)))
    Paper.objects.bulk_create(rows)
    return rows


QUERIES = [
    "柳树沟", "柳树", "树沟", "林权", "村规", "民约", "电", "𠮷", "𠮷家", "䶮", "䶮城",
    "公厕移交", "充电桩电瓶", "协商议事会", "不动产权证",
    "沟村", "井楠", "停车", "买提", "没有的词", "难养",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_finds_what_a_scan_finds_and_nothing_else(many, query):
    scanned = {row.pk for row in many if query in row.title or query in row.body}
    assert set(match(Paper.objects, query).values_list("pk", flat=True)) == scanned


@pytest.mark.parametrize("query", ["5G基站", "５ｇ", "WIFI", "wif", "2021年", "信号2021", "5g基"])
def test_letters_and_figures_are_words_and_may_be_unfinished(many, query):
    import_free = query.lower().replace("５ｇ", "5g")
    scanned = {row.pk for row in many if import_free in row.title.lower() or import_free in row.body.lower()}
    found = set(match(Paper.objects, query).values_list("pk", flat=True))
    assert found <= scanned
    assert found


def test_several_words_must_all_be_there(papers):
    both = keep("公厕移交", "柳树沟")
    keep("公厕")
    assert list(match(papers, "柳树 公厕")) == [both]


def test_a_blank_between_figure_and_ideograph_makes_no_difference(papers):
    kept = keep("2021 年的路灯")
    assert list(match(papers, "2021年")) == list(match(papers, "2021 年")) == [kept]


def test_a_phrase_is_not_found_across_a_stop_or_across_columns(papers):
    keep("公厕，移交", "路灯")
    assert not match(papers, "公厕移交").exists()
    assert not match(papers, "移交路灯").exists()


HOSTILE = [
    "'", "''", "\\", "公厕' | '移交", "!公厕", "公厕 & ", "<->", "((", ":*", "公厕:*", "a' <-> 'b", "%", "_",
    "\x00", "公\x00厕", "\ud800",
    "'; DROP TABLE papers; --", "\u202e公厕", "字" * 5000, "a " * 5000, "😀", "\n\t", "ﷺ" * 100,
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_only_words(many, query):
    assert match(Paper.objects.all(), query).count() <= len(many)
    assert len(similar(Paper.objects.all(), query)) <= 5


def test_a_blank_query_asks_for_nothing_and_one_of_signs_finds_nothing(papers):
    keep("公厕")
    assert match(papers, "  ").count() == 1
    assert match(papers, "！？").count() == 0


def test_the_query_uses_the_index(many):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "paper_search" in match(Paper.objects, "柳树沟").explain()
    assert "paper_search" in similar(Paper.objects, "柳树沟公厕").explain()


def test_similar_titles_come_first_by_what_they_share(papers, django_assert_num_queries):
    same = keep("龙蟠南苑小区电瓶车充电难")
    close = keep("电瓶车充电桩太少")
    distant = keep("充电")
    keep("小区停车问题", "这里也说到电瓶车充电")
    keep("公厕移交")
    with django_assert_num_queries(1):
        found = list(similar(papers, "龙蟠南苑电瓶车充电难问题"))
    assert found == [same, close, distant]
    assert found[0].shared > found[1].shared > found[2].shared


def test_similar_is_capped_and_says_nothing_of_nothing(papers):
    for _number in range(7):
        keep("公厕移交")
    assert len(similar(papers, "公厕移交")) == 5
    assert len(similar(papers, "公厕", limit=2)) == 2
    assert list(similar(papers, "")) == []
    assert list(similar(papers, "小区问题")) != list(similar(papers, "公厕"))


def test_a_very_long_text_is_stored_and_its_beginning_found(papers):
    kept = keep("长文", "".join(random.Random(1).choices("协商议事为民办实事基层群众", k=60_000)))
    assert list(match(papers, "长文")) == [kept]
