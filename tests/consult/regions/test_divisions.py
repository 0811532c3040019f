"""The table of divisions: paths, search, what a field refuses, what the database refuses."""

import gzip
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from consult.regions import Region, RegionCodeField, names_of, path_of, search
from consult.regions.loading import TABLE_FILE, load_table, read_rows
from consult.regions.models import Edition
from consult.regions.validators import validate_in_force, validate_level, validate_region_code
from tests.factories import regions

pytestmark = pytest.mark.django_db

JINGNAN = "341103107201"


def test_a_place_is_shown_as_its_path():
    assert path_of(JINGNAN) == "安徽省 / 滁州市 / 南谯区 / 施集镇 / 井楠村委会"
    assert path_of(JINGNAN, below="341103000000") == "施集镇 / 井楠村委会"
    assert path_of("341103000000", below="341103000000") == "安徽省 / 滁州市 / 南谯区"
    assert path_of("999999999999") == "999999999999"


def test_a_township_under_a_prefecture_has_no_county_in_its_path():
    assert path_of("441900003000").startswith("广东省 / 东莞市 / ")
    assert Region.objects.get(code="441900003000").parent_code == "441900000000"


@pytest.mark.parametrize("codes", [[JINGNAN], [region.code for region in regions.rows()][:30]])
def test_names_cost_one_query(codes, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = names_of(codes)
    assert set(names) == set(codes)


def test_names_of_nothing_cost_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert names_of([]) == names_of([""]) == {}


def test_search_takes_words_of_the_path_in_any_order():
    assert [place.code for place in search("永阳")] == ["341102007006", "341122100008"]
    assert [place.code for place in search("永阳 琅琊")] == ["341102007006"]
    assert [place.code for place in search("南谯 / 井楠")] == [JINGNAN]
    assert [place.code for place in search("永阳", within="341122000000")] == ["341122100008"]
    assert next(iter(search("5323"))).code == "532300000000"
    assert list(search("  ")) == []
    assert list(search("100%")) == []


def test_within_and_in_force():
    assert set(Region.objects.within("341103107000").values_list("level", flat=True)) == {4, 5}
    assert not Region.objects.within().exists()
    regions.abolish(JINGNAN, date(2020, 1, 1))
    assert JINGNAN not in Region.objects.in_force().values_list("code", flat=True)
    assert JINGNAN in Region.objects.in_force(on=date(2019, 12, 31)).values_list("code", flat=True)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("000000000000", "region_unknown"),
        ("999999999999", "region_unknown"),
        ("341103107202999"[:12] + "1", "region_length"),
        ("341103", "region_length"),
        ("341103107", "region_length"),
        ("34110310720x", "region_format"),
        ("３４１１０３１０７２０１", "region_format"),
        ("341103107999", "region_unknown"),
    ],
)
def test_a_wrong_code_gets_its_own_sentence(code, kind):
    with pytest.raises(ValidationError) as refusal:
        validate_region_code(code)
    assert refusal.value.code == kind


def test_the_sentence_writes_the_short_code_out():
    with pytest.raises(ValidationError, match="341103000000"):
        validate_region_code("341103")


def test_another_level_is_named():
    validate_level(JINGNAN, (4, 5))
    with pytest.raises(ValidationError, match="安徽省 / 滁州市 / 南谯区"):
        validate_level("341103000000", (4, 5))


def test_an_abolished_division_names_its_successor():
    validate_in_force(JINGNAN)
    regions.abolish(JINGNAN, date(2016, 5, 1), successor="341103107202")
    with pytest.raises(ValidationError) as refusal:
        validate_in_force(JINGNAN)
    sentence = str(refusal.value.messages[0])
    assert "2016" in sentence and "341103107202" in sentence and "荣誉村委会" in sentence


@isolate_apps("consult.regions")
def test_an_old_row_keeps_its_abolished_division_and_a_new_one_may_not_take_it():
    class Matter(models.Model):
        region_code = RegionCodeField(levels=(4, 5))

        class Meta:
            app_label = "regions"

    regions.abolish(JINGNAN, date(2016, 5, 1))
    matter = Matter(region_code=JINGNAN)
    with pytest.raises(ValidationError):
        matter.clean_fields()
    matter._state.adding = False
    matter.clean_fields()
    with pytest.raises(ValidationError):
        Matter(region_code="341103000000").clean_fields()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "341103107999", "level": 5, "parent_code": "341102000000"},
        {"code": "341103107999", "level": 5, "parent_code": "341103107999"},
        {"code": "341103107999", "level": 5, "parent_code": None},
        {"code": "341103107999", "level": 4, "parent_code": "341103107000"},
        {"code": "341103199000", "level": 4, "parent_code": "341103199000"},
        {"code": "540000000000", "level": 1, "parent_code": "530000000000"},
        {"code": "54", "level": 1, "parent_code": None},
    ],
)
def test_the_database_refuses_a_wrong_parent_a_wrong_level_and_a_circle(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.create(name="错", path="错", **wrong)


def test_the_database_refuses_a_parent_that_does_not_exist():
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.create(code="540101000000", name="错", path="错", level=3, parent_code="540100000000")
        connection.check_constraints()


def _write(path, lines):
    path.write_bytes(gzip.compress("\n".join(["code,name,level", *lines, ""]).encode()))
    return path


def test_loading_is_done_once_and_a_later_table_changes_adds_and_abolishes(tmp_path):
    Region.objects.all().delete()
    first = _write(tmp_path / "a.gz", ["530000000000,云南省,1", "530900000000,临沧市,2", "530921000000,凤庆县,3"])
    assert load_table(first).changed == 3
    assert load_table(first).was_there
    second = _write(tmp_path / "b.gz", ["530000000000,云南省,1", "530900000000,临沧新市,2", "530922000000,云县,3"])
    loaded = load_table(second)
    assert (loaded.rows, loaded.changed, loaded.abolished) == (3, 2, 1)
    assert path_of("530900000000") == "云南省 / 临沧新市"
    assert Region.objects.get(code="530921000000").valid_to is not None
    assert Edition.objects.count() == 2


def test_a_table_out_of_order_is_refused_whole(tmp_path):
    before = Region.objects.count()
    shuffled = _write(tmp_path / "c.gz", ["530900000000,临沧市,2", "530000000000,云南省,1"])
    with pytest.raises(ValueError, match="line 3"):
        load_table(shuffled)
    assert Region.objects.count() == before


def test_the_command_says_what_it_did(tmp_path):
    file = _write(tmp_path / "d.gz", ["530000000000,云南省,1"])
    told = StringIO()
    call_command("load_regions", file=file, stdout=told)
    call_command("load_regions", file=file, stdout=told)
    assert "1 read" in told.getvalue() and "in already" in told.getvalue() and "█" not in told.getvalue()


def test_the_shipped_table_is_whole():
    levels = [0] * 6
    for row in read_rows(TABLE_FILE):
        levels[row[2]] += 1
    assert levels == [0, 31, 342, 2975, 41351, 620572]
    assert sum(levels) == 665_271
