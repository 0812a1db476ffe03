"""Somebody who is only passing through asks for help at a door, keeps the code, and finds it again; sheets of paper."""

import re

import pytest
from django.utils import timezone

from tests.journeys import measures
from tests.journeys.test_sign_up import sheets, small_on_paper
from tests.volunteers.asking import picture
from volunteers import dispatching
from volunteers.models import OrderCategory, ServiceOrder

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine")
DOOR = "/help/ask/?home=here&via=door"  # what the code on the door says: tests/volunteers/test_help_pages.py
TYPED = {"what": "手机没电了，找不到回车站的路", "name": "示例游客", "telephone": "+86 199 0000 7788"}


@pytest.fixture
def anything(cast):
    return OrderCategory.objects.create(slug="other", name="别的事", order=200)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_tourist_at_the_door(cast, anything, phone, axe, tmp_path, scripts):
    tourist = phone(scripts).open(DOOR)
    fields = tourist.page.locator("main :is(input, textarea, select):visible:not([name=website])")
    assert fields.count() == 4  # what, who, a telephone, and a tick
    for measure in (measures.small_targets, measures.crowded_targets, measures.cut_off):
        assert measure(tourist.page) == []
    tourist.fill(**TYPED).press("求助")  # the tick is forgotten
    assert tourist.page.title().startswith("错误：")
    assert tourist.page.input_value("[name=what]") == TYPED["what"]
    tourist.page.locator("details summary").click()
    (tmp_path / "路.jpg").write_bytes(picture().read())
    tourist.page.set_input_files("[name=photo_1]", tmp_path / "路.jpg")
    tourist.fill(consent=True).press("求助")
    assert tourist.heading == "收到了，正在安排"
    order = ServiceOrder.objects.order_by("pk").last()
    assert (order.home, order.branch, order.category, order.via) == (
        cast.homes["here"], cast.branches["here"], anything, "door",
    )  # fmt: skip
    code = tourist.page.locator(".code").inner_text().replace(" ", "")
    assert (code, tourist.path) == (order.code, f"/help/{order.pk}/")
    assert tourist.page.locator(".help-photos img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 60
    if scripts:
        assert axe(tourist.page) == []
        assert tourist.page.get_by_role("button", name="打印这一页").is_visible()

    later = phone(scripts).open("/lookup/")
    later.fill(code=f"{code[:4]} {code[4:]}", last_four="7788").press("查一查")
    assert (later.heading, later.path) == ("收到了，正在安排", f"/help/{order.pk}/")

    helper = cast.volunteers["here"]
    dispatching.offer(order, helper, visit_at=timezone.now() + timezone.timedelta(days=1), by=None, override="顺路")
    dispatching.accept(order, helper, by=helper)
    later.open(f"/help/{order.pk}/")
    assert later.heading == "有人接了"
    assert f"{cast.teams['here'].name}的{helper.name[0]}师傅接了单" in later.text
    dispatching.complete(order, by=helper, what="送到了车站", minutes={helper.pk: 30})
    later.open(f"/help/{order.pk}/").page.get_by_label("不满意").check()
    later.press("评好了")
    assert "还没解决的，请在下面写一句" in later.text
    later.fill(reason="第二天又迷路了").press("重新办理")
    assert later.heading == "重新办理，正在安排"
    later.follow("不用了，撤掉").press("是的，撤掉")
    assert later.heading == "撤掉了"
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_from_the_front_page_to_the_form(cast, anything, phone):
    neighbour = phone(scripts=False).open("/")
    neighbour.follow("要帮忙，说一声").follow("别的事")
    assert neighbour.page.locator("[name=category] option:checked").inner_text() == "别的事"
    neighbour.open("/homes/here/").follow("要帮忙")
    assert neighbour.page.input_value("[name=place]") == cast.homes["here"].name


def test_a_foreign_guest_at_the_door(cast, anything, phone, axe):
    guest = phone(scripts=True).open(DOOR)
    with guest.page.expect_navigation():
        guest.page.locator(".tools").get_by_role("link", name="EN").click()
    assert guest.path == f"/en{DOOR}"
    guest.fill(what="Where is the station?", name="Ann", telephone="12", consent=True).press("Ask for help")
    assert guest.page.title().startswith("Error: ")
    guest.fill(telephone=TYPED["telephone"]).press("Ask for help")
    assert guest.heading == "We have your request"
    assert axe(guest.page) == []
    code = guest.page.locator(".code").inner_text()
    guest.open("/en/lookup/").fill(code=code, last_four="7788").press("Look")
    guest.follow("Take it back").press("Yes, take it back")
    assert guest.heading == "You took it back"
    assert "Taken back. Nobody will come." in guest.text


# --- on paper
def test_an_order_is_one_sheet(cast, live_server, open_page, phone):
    order = cast.orders["here"]
    own = phone(scripts=True).open("/lookup/")
    own.fill(code=order.code, last_four=order.telephone[-4:]).press("查一查")
    assert re.search(r"\d{4} \d{4}", own.text)
    assert sheets(own.page) == 1
    assert small_on_paper(own.page) == []
