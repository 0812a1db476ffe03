"""A day at the desk: a secretary with a phone, and the auditor who finds later what was looked at."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import AuditEntry, CareVisit, Pairing
from tests.cast import MOBILES, make_cast

PHONE = 390


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def in_order(axe, fits):
    """`in_order(page)`: nothing for axe to find, and nothing to scroll sideways."""

    def check(page):
        page.wait_for_load_state()
        assert fits(page), page.url
        assert axe(page) == []

    return check


@pytest.fixture
def desk(open_page, live_server):
    """`desk(username, width)`: the browser of somebody who has just logged in to the desk."""

    def open_(username, width=PHONE, **options):
        page = open_page(width, **options)
        page.goto(f"{live_server.url}/desk/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", "tests-only-password")
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{live_server.url}/desk/")
        return page

    return open_


def send(page):
    page.click("main form[method=post]:not([role=search]) button[type=submit]")


def test_a_visit_is_logged_from_a_phone(cast, desk, in_order):
    page = desk("secretary")
    in_order(page)
    headings = page.locator("main h2").all_inner_texts()
    assert headings[0].startswith("该去看望的")  # before anything else
    assert page.get_by_text("过了6天").is_visible()
    page.get_by_role("link", name=re.compile("^记一笔")).click()
    in_order(page)
    send(page)  # nothing chosen yet
    assert page.title().startswith("错误：")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    in_order(page)
    page.get_by_label("上门看望").check()
    page.get_by_label("记一笔").fill("都好，想要一份学习材料")
    send(page)
    assert page.get_by_text("记好了").is_visible()
    assert page.get_by_text("都看望过了").is_visible()
    in_order(page)
    visit = CareVisit.objects.latest("pk")
    assert (visit.note, visit.logged_by) == ("都好，想要一份学习材料", cast.secretary)
    assert Pairing.objects.get(pk=cast.pairings["here"].pk).next_visit_on == timezone.localdate() + timedelta(14)


def test_a_visit_is_logged_by_keyboard_alone_and_without_scripts(cast, desk):
    page, before = desk("secretary", scripts=False), CareVisit.objects.count()

    def tab_to(described):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.locator("*:focus").count() and described(page.locator("*:focus").first):
                return
        raise AssertionError("not reached by the Tab key")

    tab_to(lambda place: place.inner_text().startswith("记一笔"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/visit/")
    tab_to(lambda place: place.get_attribute("name") == "kind")
    page.keyboard.press("ArrowDown")  # 送学上门
    tab_to(lambda place: place.get_attribute("name") == "note")
    page.keyboard.type("带去一本学习材料")
    tab_to(lambda place: place.inner_text() == "记下来")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")
    assert CareVisit.objects.count() == before + 1
    visit = CareVisit.objects.latest("pk")
    assert (visit.kind, visit.note) == ("study", "带去一本学习材料")


def test_a_double_tap_on_a_slow_phone_is_one_visit(cast, desk):
    page, before = desk("secretary"), CareVisit.objects.count()
    page.get_by_role("link", name=re.compile("^记一笔")).click()
    page.get_by_label("打电话").check()
    page.dblclick("main form button[type=submit]", no_wait_after=True)
    expect(page).to_have_url(re.compile("/desk/$"))
    assert CareVisit.objects.count() == before + 1


def test_a_telephone_is_revealed_and_found_in_the_audit(cast, desk, live_server, in_order):
    page = desk("secretary")
    page.get_by_role("link", name="找一位党员").click()
    page.fill("#find", "金丝雀老")
    page.click("main form[role=search] button")
    in_order(page)
    page.get_by_role("link", name="金* · 金丝雀家园 金丝雀3栋").click()
    in_order(page)
    assert page.get_by_text("199****1101").is_visible()
    page.get_by_role("link", name="看完整的电话或地址").click()
    in_order(page)
    page.get_by_label("为什么要看").fill("约星期三上门看望")
    send(page)
    in_order(page)
    assert page.get_by_role("link", name=re.compile(MOBILES["here"][0])).get_attribute("href") == "tel:19900001101"
    assert MOBILES["here"][0] not in page.url
    page.get_by_role("link", name="看好了").click()
    assert MOBILES["here"][0] not in page.content()

    auditor = desk_of_auditor(page, live_server)
    auditor.goto(f"{live_server.url}/admin/branches/auditentry/?action__exact=reveal")
    row = auditor.get_by_role("row").filter(has_text="约星期三上门看望")
    assert row.count() == 1
    assert "金丝雀书记" in row.inner_text()
    assert MOBILES["here"][0] not in auditor.content()
    assert AuditEntry.objects.filter(action="reveal").count() == 1


def desk_of_auditor(page, live_server):
    """The same browser, in other hands."""
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/account/login/?next=/admin/")
    page.fill("input[name=login]", "auditor")
    page.fill("input[name=password]", "tests-only-password")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/admin/")
    return page


def report_for(page, telephone, in_order):
    """From the first page of the desk to the form that fits whoever has this telephone."""
    page.get_by_role("link", name="替人报到").click()
    in_order(page)
    page.get_by_label("本人的电话").fill(telephone)
    send(page)
    in_order(page)


def test_somebody_new_is_reported_for_taken_in_and_put_into_a_group(cast, desk, in_order):
    page = desk("officer")
    report_for(page, "+86 199 0000 7777", in_order)
    page.get_by_label("姓名").fill("金丝雀新人")
    page.get_by_label("住在哪个小区").select_option(label="金丝雀家园（甲社区）")
    send(page)  # the home unit is missing
    assert page.title().startswith("错误：")
    in_order(page)
    assert page.get_by_label("姓名").input_value() == "金丝雀新人"
    page.get_by_label("组织关系在哪个单位").fill("示例纺织厂离退休党总支")
    send(page)
    assert page.get_by_text("报到记下了").is_visible()
    assert page.get_by_text("是您填的").is_visible()
    in_order(page)

    page.context.clear_cookies()
    secretary = desk("secretary")
    secretary.get_by_role("link", name="份报到等着确认").click()
    in_order(secretary)
    row = secretary.get_by_role("listitem").filter(has_text="示例纺织厂离退休党总支")
    row.get_by_role("link", name=re.compile("^看姓名和电话")).click()
    secretary.get_by_label("为什么要看").fill("打电话核对报到")
    send(secretary)
    assert secretary.get_by_role("link", name=re.compile("19900007777")).is_visible()
    assert secretary.get_by_text("金丝雀新人").is_visible()
    secretary.go_back()
    secretary.go_back()
    row.get_by_role("link", name=re.compile("^确认")).click()
    in_order(secretary)
    send(secretary)
    assert secretary.get_by_text("下一步可以分到党小组").is_visible()
    secretary.get_by_role("link", name="分到党小组").click()
    secretary.get_by_label("党小组").select_option(label="金丝雀楼栋组")
    in_order(secretary)
    send(secretary)
    assert secretary.get_by_text("分到了金丝雀楼栋组").is_visible()


def test_a_member_moves_here_without_gap_or_overlap(cast, desk, in_order):
    """The community reports for somebody who has moved house; the receiving secretary takes them in."""
    member, today = cast.members["next_door"], timezone.localdate()
    old = member.memberships.get()
    page = desk("officer")
    report_for(page, MOBILES["next_door"][0], in_order)
    page.get_by_label("画*，在别的支部在册").check()
    send(page)
    in_order(page)
    page.get_by_label("搬到哪个小区了").select_option(label="金丝雀家园（甲社区）")
    page.get_by_label("组织关系在哪个单位").fill("示例机械厂党委")
    send(page)
    assert page.get_by_text("说是搬到金丝雀家园了").is_visible()

    page.context.clear_cookies()
    secretary = desk("secretary")
    secretary.get_by_role("link", name="份报到等着确认").click()
    secretary.get_by_role("link", name=re.compile("^转入")).click()
    in_order(secretary)
    send(secretary)
    assert secretary.get_by_text("已转入“金丝雀银龄支部”").is_visible()
    in_order(secretary)
    stays = member.memberships.order_by("pk").values_list("branch__name", "status", "since", "until")
    assert list(stays) == [
        ("画眉鸟银龄支部", "ended", old.since, today),
        ("金丝雀银龄支部", "active", today, None),
    ]
    assert set(member.memberships.values_list("home_unit", flat=True)) == {"示例机械厂党委"}


def test_slips_are_printed_one_page_each(cast, desk, in_order):
    page = desk("secretary", width=1280)
    page.get_by_role("link", name="打印走访单").click()
    in_order(page)
    send(page)
    in_order(page)
    assert page.get_by_text("金丝雀老人").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) == 1
    assert AuditEntry.objects.get(action="reveal").reason == "打印走访单"
    assert page.get_by_text("送学上门").is_visible()  # what can be ticked is what can be logged


def test_the_desk_works_without_scripts_and_with_the_largest_text(cast, desk, live_server, fits):
    page = desk("secretary", width=320, scripts=False)
    page.context.add_cookies([{"name": "display", "value": "huge-high", "url": live_server.url}])
    member, pairing = cast.members["here"].pk, cast.pairings["here"].pk
    for address in (
        "/desk/", "/desk/members/", f"/desk/members/{member}/", f"/desk/members/{member}/full/",
        f"/desk/members/{member}/pair/", f"/desk/members/{member}/year/", f"/desk/pairs/{pairing}/visit/",
        "/desk/memberships/", "/desk/slips/", "/desk/report/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}{address}")
        assert fits(page), address
