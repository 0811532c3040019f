"""What belongs to a private person is found however it is written, and nothing else is."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.privacy import blocking, detect, mask, mask_name, mask_phone
from consult.privacy.numbers import is_bank_card, is_credit_code, is_identity_number


def kinds(value):
    return [finding.kind for finding in detect(value)]


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "电话13812345678找老张",
        "138 1234 5678",
        "138-1234-5678",
        "138－1234－5678",
        "138.1234.5678",
        "138·1234·5678",
        "138—1234—5678",
        "(138)12345678",
        "13812 345678",
        "1381234 5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "１３８１２３４５６７８",
        "１３８　１２３４　５６７８",
        "①③⑧①②③④⑤⑥⑦⑧",
        "١٣٨١٢٣٤٥٦٧٨",
        "138\u200b1234\u200b5678",
        "1\u03353\u03358\u033512345678",
        "1️⃣3️⃣8️⃣12345678",
        "+86 138 1234 5678",
        "+8613812345678",
        "86-13812345678",
        "008613812345678",
        "013812345678",
        "一三八一二三四五六七八",
        "一三八 一二三四 五六七八",
        "一三八，一二三四，五六七八",
        "壹叁捌壹贰叁肆伍陆柒捌",
        "幺三八一二三四五六七八",
        "138一二三四五六七八",
        "2021年3月5日13812345678来电",
        "2021-03-05 13812345678",
        "2021 13812345678",
        "1.13812345678",
        "13812345678-801",
        "手机：138 123 456 78",
        "张某13812345678元旦值班",
        "tel:19912345678",
    ],
)
def test_a_mobile_number_is_found(text):
    assert kinds(text) == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "341103107201",
        "区划代码 130102001000",
        "138102001000",
        "县协商纪〔2026〕3号",
        "皖政〔2026〕138号",
        "2026-03-05",
        "2026年3月5日14时30分",
        "20260305143000",
        "2026-03-05T14:30:00",
        "0878-7712345",
        "0550-3021234",
        "010-68312345",
        "12345",
        "400-820-8820",
        "金额13812345678元",
        "投资13812345678.50元",
        "￥13812345678",
        "1,381,234,567.80元",
        "近30万元",
        "回执 H7KM2RT9XZ",
        "回执 2345678923",
        "138****5678",
        "150 200 300 40",
        "150、200、300、40",
        "150，2021，2022年",
        "12 15 20 30 40 50 6",
        "15-12-30-45-123",
        "d41d8cd98f00b204e9800998ecf8427e",
        "a13812345678bcdef0123456789abcdef0123456789abcdef0123456789abcde",
        "550e8400-e29b-41d4-a716-13812345678a",
        "1637000000000",
        "11010502030143",
        "12812345678",
        "二〇二六年三月五日",
        "一千三百八十户",
        "1000余户居民",
        "皖ICP备12345678号",
        "京B2-20210001",
        "",
    ],
)
def test_territory_dates_papers_and_amounts_are_left_alone(text):
    assert detect(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "11010519491231002x",
        "身份证110105194912310021".replace("0021", "002X"),
        "110105 19491231 002X",
        "1101 0519 4912 3100 2X",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "440524188001010014",
        "四四〇五二四一八八〇〇一〇一〇〇一四",
        "341103850312123",
    ],
)
def test_an_identity_number_is_found(text):
    assert kinds(text) == ["id"]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # wrong check figure, and no card either
        "990105194912310020",
        "341103851312123",
        "12341100485012345X",
    ],
)
def test_what_only_resembles_an_identity_number_is_left_alone(text):
    assert "id" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "6222021234567890128",
        "6222 0212 3456 7890 128",
        "6222 ０２１２ 3456 7890 128",
        "卡号6222021234567890128。",
    ],
)
def test_a_bank_card_is_found(text):
    assert kinds(text) == ["bank_card"]


@pytest.mark.parametrize(
    "text",
    ["6222021234567890127", "20260305143000123", "2018 2019 2020 2021", "2017 2018 2019 2020", "0000000000000000"],
)
def test_time_stamps_years_and_wrong_sums_are_no_cards(text):
    assert detect(text) == []


def test_an_organisations_credit_code_is_no_card():
    code = "113411030032345678"
    body = code[:17]
    code = next(body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if is_credit_code(body + last))
    assert detect(code) == []


@pytest.mark.parametrize(
    "text",
    [
        "京A12345",
        "皖M·D1234",
        "皖M D1234",
        "皖m-d1234",
        "皖Ｍ１２３４５",
        "云AD12345",
        "云A12345D",
        "粤Z1234港",
        "川A1234学",
        "WJ京1234X",
        "车牌云E一二三四五",
        "皖M•1\u200b2345",
    ],
)
def test_a_plate_is_found(text):
    assert kinds(text) == ["plate"]


@pytest.mark.parametrize("text", ["云A座", "新K线", "京A1234567", "皖政办", "云TABLE", "青A区3组", "贵B"])
def test_words_beginning_with_a_province_are_no_plates(text):
    assert detect(text) == []


@pytest.mark.parametrize(
    "text", ["人民路12号", "幸福小区3栋2单元501室", "3号楼402室", "三栋二单元五零一室", "赵洼村民组3号"]
)
def test_a_door_is_a_warning_and_does_not_block(text):
    assert kinds(text) == ["address"]
    assert blocking(text) == []


@pytest.mark.parametrize("text", ["〔2026〕3号", "3号楼", "12栋", "一号文件", "井楠村", "同乐街道", "南苑路口"])
def test_less_than_a_door_is_no_address(text):
    assert detect(text) == []


def test_places_are_those_of_the_source_and_excerpts_are_masked():
    text = "张某，\u200b１３８－１２３４－５６７８，皖M12345"
    phone, plate = detect(text)
    assert text[phone.start : phone.end] == "１３８－１２３４－５６７８"
    assert text[plate.start : plate.end] == "皖M12345"
    assert (phone.excerpt, plate.excerpt) == ("138****5678", "皖M****5")


def test_every_text_of_a_structure_is_read_with_its_path():
    value = {
        "title": "公示",
        "rows": [{"by": "张某 13812345678"}, {"n": 13912345678}],
        "13712345678": None,
        "flag": True,
        "pair": ("x", "皖M12345"),
    }
    assert [(f.path, f.kind) for f in detect(value)] == [
        ("rows.0.by", "phone"),
        ("rows.1.n", "phone"),
        ("13712345678", "phone"),
        ("pair.1", "plate"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("签到表_13812345678.jpg", ["phone"]),
        ("张某-110105194912310020.pdf".replace("0020", "002X"), ["id"]),
        ("IMG_20211115_123045.jpg", []),
        ("微信图片_20211115123045.jpg", []),
        ("mmexport1637000000000.jpg", []),
        ("Screenshot_2021-11-15-12-30-45-123.png", []),
    ],
)
def test_file_names_are_texts_too(name, expected):
    assert kinds(name) == expected


def test_a_long_text_is_read_in_passing():
    text = "近1000户居民，138 2021 年 1-2-3-4-5-6-7 皖M 12 号 " * 4000
    begun = time.perf_counter()
    detect(text)
    assert time.perf_counter() - begun < 5


def test_a_deep_structure_does_not_break_the_reader():
    value = "13812345678"
    for _level in range(5000):
        value = [value]
    assert detect(value) == []


def test_a_figure_of_thousands_of_digits_is_passed_over():
    assert detect([10**6000]) == []


phones = st.builds(lambda head, tail: f"1{head}{tail:09d}", st.sampled_from("3456789"), st.integers(0, 10**9 - 1))
words = st.text(alphabet="协商议题在基层，。；公厕移交居民代表 ", max_size=12)


@given(words, phones, words, st.sampled_from(["{}", "{:.3}-{}", "wide"]))
def test_any_mobile_number_in_any_sentence_is_found(before, phone, after, form):
    written = {"{}": phone, "{:.3}-{}": f"{phone[:3]}-{phone[3:]}"}.get(form) or phone.translate(
        {ord(d): 0xFF10 + int(d) for d in "0123456789"}
    )
    assert "phone" in kinds(before + written + after)


@given(st.text())
def test_no_text_breaks_it_and_places_are_inside(text):
    for finding in detect(text):
        assert 0 <= finding.start < finding.end <= len(text)


@given(st.text(alphabet="0123456789-  一三八,.X京A皖M（）号栋室路", max_size=60))
def test_nothing_that_blocks_survives_masking(text):
    assert blocking(mask(text)) == []


@given(words)
def test_masking_leaves_innocent_text_alone(text):
    assert mask(text) == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_any_json_can_be_walked(value):
    detect(json.loads(json.dumps(value)))


def test_masking_keeps_just_enough():
    assert mask("找13812345678，卡6222021234567890128，证11010519491231002X，车皖M12345") == (
        "找138****5678，卡6222***********0128，证110*************2X，车皖M****5"
    )


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0878-7712345", "087****2345"),
        ("7712345", "****45"),
        ("110", "****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_three_and_four(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张某"),
        ("张三丰", "张某某"),
        ("张某某", "张某某"),
        ("欧阳修", "欧阳某"),
        ("欧阳", "欧某"),
        ("买买提·吐尔逊", "买某某"),
        ("𠮷田茂", "𠮷某某"),
        ("张女士", "张女士"),
        ("Aung San", "A***"),
        ("", ""),
        ("李", "李某某"),
    ],
)
def test_a_name_keeps_the_family(name, masked):
    assert mask_name(name) == masked


def test_the_checks_themselves():
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194913310020")
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
