"""Doors of pages: what they answer, and that nothing typed is lost."""

import pytest

from tests.consult.web.gallery.site import UUID

URL = f"/papers/{UUID}/"
HTMX = {"HX-Request": "true"}


def text_of(response):
    return response.content.decode()


def test_the_whole_page_and_its_fragment_show_the_same_rows(gallery, signed_in):
    whole, part = signed_in.get("/regions/"), signed_in.get("/regions/", headers=HTMX)
    assert "<html" in text_of(whole)
    assert "<html" not in text_of(part)
    assert text_of(part).strip() in text_of(whole)


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_history_requests_get_the_whole_page(gallery, signed_in, header):
    assert "<html" in text_of(signed_in.get("/regions/", headers={**HTMX, header: "true"}))


def test_caches_are_told_that_the_header_matters(gallery, signed_in):
    assert "HX-Request" in signed_in.get("/regions/").headers["Vary"]


def test_a_list_costs_five_queries_whatever_it_shows(gallery, signed_in, django_assert_num_queries):
    for query in ("", "?q=镇", "?level=5"):
        with django_assert_num_queries(5):  # session, account, mandates, rows, counts of all tabs
            signed_in.get(f"/regions/{query}")


@pytest.mark.parametrize(
    "query", ["?level=9", "?level=abc", "?sort=secret", "?after=zzz", "?after=WzFd", "?before=%00"]
)
def test_a_bad_value_is_refused_with_a_sentence(gallery, signed_in, query):
    response = signed_in.get(f"/regions/{query}")
    assert response.status_code == 400
    assert response.context["page"].rows == []
    assert response.context["problems"]
    assert 'role="alert"' in text_of(response)


def test_unknown_parameters_of_shared_links_are_ignored(gallery, signed_in):
    assert signed_in.get("/regions/?from=singlemessage&isappinstalled=0").status_code == 200


def test_tabs_count_what_the_other_filters_leave(gallery, signed_in):
    tabs = {tab.value: tab for tab in signed_in.get("/regions/?q=镇&level=4").context["tabs"]}
    assert tabs["4"].current
    assert int(tabs[""].count) == int(tabs["4"].count) + int(tabs["5"].count)


def test_filters_stay_in_the_links(gallery, signed_in):
    page = text_of(signed_in.get("/regions/?level=5&sort=name"))
    assert "?level=5&amp;sort=name&amp;after=" in page
    assert "?level=4&amp;sort=name" in page or "?sort=name&amp;level=4" in page


def test_a_move_asks_on_get_and_is_made_on_post(gallery, signed_in):
    assert "退回后起草人会收到消息" in text_of(signed_in.get(f"{URL}turn_back/"))
    response = signed_in.post(f"{URL}turn_back/", {"reason": "请补上时限"})
    assert (response.status_code, response.url) == (302, URL)
    assert gallery.paper.calls == ["请补上时限"]


def test_an_empty_reason_is_asked_for(gallery, signed_in):
    response = signed_in.post(f"{URL}turn_back/", {"reason": "\u200b"})
    assert response.status_code == 422
    page = text_of(response)
    assert page.count("请写明原因") == 2  # in the summary and at the field
    assert "<title>有 1 处要补 - " in page
    assert 'href="#id_reason"' in page
    assert 'aria-invalid="true"' in page
    assert gallery.paper.calls == []


@pytest.mark.parametrize(
    ("reason", "status", "sentence"),
    [
        ("gate", 422, "写得太短"),
        ("elsewhere", 422, "还差附件"),
        ("race", 409, None),
        ("mine", 403, None),
        ("stranger", 403, None),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refusal_keeps_what_was_typed(gallery, signed_in, reason, status, sentence, headers):
    response = signed_in.post(f"{URL}turn_back/", {"reason": reason}, headers=headers)
    assert response.status_code == status
    page = text_of(response)
    assert f">\n{reason}</textarea>" in page
    assert 'role="alert"' in page
    if sentence:
        assert sentence in page
    assert ("<html" in page) is not bool(headers)


def test_htmx_is_led_on_by_a_header(gallery, signed_in):
    response = signed_in.post(f"{URL}turn_back/", {"reason": "请补上时限"}, headers=HTMX)
    assert response.headers["HX-Redirect"] == URL


def test_a_move_of_another_state_is_a_conflict(gallery, signed_in):
    gallery.paper.state = "draft"
    assert signed_in.get(f"{URL}turn_back/").status_code == 409
    response = signed_in.post(f"{URL}turn_back/", {"reason": "请补上时限"})
    assert response.status_code == 409
    assert "请补上时限</textarea>" in text_of(response)


def test_what_is_not_visible_is_not_found(gallery, signed_in):
    response = signed_in.get(f"/papers/{str(UUID)[:-1]}0/sign/")
    assert response.status_code == 404
    assert "没有找到这个页面" in text_of(response)


def test_a_visitor_is_asked_to_sign_in(gallery, client):
    assert client.get(f"{URL}sign/").status_code == 302


@pytest.mark.parametrize(("kind", "status"), [("four", 403), ("race", 409), ("gate", 400)])
def test_a_refusal_of_any_view_is_a_page(gallery, signed_in, kind, status):
    response = signed_in.get(f"/trouble/{kind}/")
    assert response.status_code == status
    assert "回首页" in text_of(response)
    part = signed_in.get(f"/trouble/{kind}/", headers=HTMX)
    assert part.status_code == status
    assert "<html" not in text_of(part)


def test_buttons_come_from_the_table(gallery, signed_in):
    page = text_of(signed_in.get(URL))
    order = [page.index(f"{URL}{verb}/") for verb in ("sign", "turn_back", "annotate", "lend", "copy")]
    assert order == sorted(order)
    assert "/age/" not in page  # driven
    assert 'class="btn btn-ink" href="' + URL + 'sign/"' in page


def test_a_driven_or_foreign_move_has_no_button(gallery, signed_in):
    gallery.paper.state = "signed"
    page = text_of(signed_in.get(URL))
    assert f"{URL}annotate/" in page
    assert f"{URL}sign/" not in page


GOOD = {
    "title": "充电桩不够用",
    "problem": "晚上排不上",
    "region_code": "341103000000",
    "due": "2030-12-20",
    "kind": "b",
    "source": "resident",
}


def test_a_form_calls_its_service_with_clean_values(gallery, signed_in):
    typed = {
        **GOOD,
        "phone": "+86 138 0000 5566",
        "funds": "12.5",
        "findings": " 一 \n\n二",
        "starts": "2030-11-19T14:30",
    }
    response = signed_in.post("/everything/", typed)
    assert response.status_code == 302, response.context["form"].errors
    taken = gallery.paper.calls[0]
    assert (taken["phone"], str(taken["funds"]), taken["findings"]) == ("13800005566", "125000.00", ["一", "二"])
    assert taken["starts"].isoformat() == "2030-11-19T14:30:00+08:00"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "字" * 101, "最多 100 字"),
        ("title", "甲\ue000", "无法保存的字符"),
        ("title", "", "请填写标题"),
        ("due", "2025-02-30", "没有 2025-02-30 这一天"),
        ("due", "尽快", "日期要写到日，例如 2026-12-20"),
        ("due", "0001-01-01", "年份应在 1949 到 2099 之间"),
        ("due", "9999-12-31", "年份应在 1949 到 2099 之间"),
        ("starts", "2030-11-19 25:00", "时间在 00:00 到 23:59 之间"),
        ("starts", "2030-11-19", "要写日期和时间"),
        ("phone", "12345678901", "手机号以 13 到 19 开头"),
        ("funds", "1e400", "金额要写数字"),
        ("funds", "NaN", "金额要写数字"),
        ("funds", "-1", "金额不能小于 0"),
        ("funds", "9" * 5000, "金额要写数字"),
        ("funds", "99999999999", "金额太大"),
        ("kind", "z", "不在可选的范围里"),
        ("source", "", "请选择来源"),
        ("region_code", "", "请选择村（社区）"),
        ("region_code", "000000", None),
        ("region_code", "999999000000", None),
        ("region_code", "532322000000", "不在您的辖区内"),
        ("region_code", "没有这个地方", "这里没有叫“没有这个地方”的地方"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(gallery, signed_in, field, typed, sentence):
    response = signed_in.post("/everything/", {**GOOD, field: typed})
    assert response.status_code == 422
    errors = response.context["form"].errors[field]
    assert len(errors) == 1
    if sentence:
        assert sentence in errors[0]
    assert str(response.context["form"][field].value() or "") == typed
    assert gallery.paper.calls == []


def test_a_date_that_is_none_comes_back_as_text(gallery, signed_in):
    page = text_of(signed_in.post("/everything/", {**GOOD, "due": "下个月底"}))
    assert '<input type="text" name="due" value="下个月底"' in page


def test_a_place_is_found_by_its_words(gallery, signed_in):
    response = signed_in.post("/everything/", {**GOOD, "region_code": "井楠村"})
    assert response.status_code == 302, response.context["form"].errors
    assert gallery.paper.calls[0]["region_code"].startswith("341103")


def test_a_place_may_be_chosen_from_the_list(gallery, signed_in):
    typed = {**GOOD, "region_code": "", "region_code_pick": "341103000000"}
    assert signed_in.post("/everything/", typed).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%00", "?q=井楠&within=341103&levels=4,5", "?q=a&within=99&levels=9", "?q=x&levels=45"]
)
def test_suggestions_never_fail(gallery, signed_in, query):
    assert signed_in.get(f"/ui/places/{query}").status_code == 200


def test_suggestions_lie_inside_the_division(gallery, signed_in):
    page = text_of(signed_in.get("/ui/places/?name=region_code&region_code=村&within=341103"))
    assert page.count('data-code="') == page.count('data-code="341103')
    assert page.count('data-code="') > 0


def test_pages_hold_no_inline_script_or_style(gallery, signed_in):
    for url in ("/", "/board/", "/regions/", URL, f"{URL}turn_back/", "/everything/"):
        page = text_of(signed_in.get(url))
        assert " style=" not in page, url
        assert "<style" not in page, url
        assert page.count("<script") == page.count("<script src="), url
        assert " onclick" not in page, url


def test_public_pages_need_no_script(gallery, client):
    assert "<script" not in text_of(client.get("/board/"))


def test_a_public_page_is_light_and_asks_nothing(gallery, client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/board/")
    assert len(response.content) < 12_000


def test_the_frame_names_the_language_and_the_engine(gallery, client):
    page = text_of(client.get("/board/"))
    assert '<html lang="zh-Hans">' in page
    assert page.index('content="webkit"') < page.index("<title>")
    assert page.index('class="zb-skip"') < page.index("<main")


def test_htmx_is_not_led_into_the_sign_in_page(gallery, client):
    assert client.get("/regions/", headers=HTMX).status_code == 401
    assert client.get("/regions/").status_code == 302
