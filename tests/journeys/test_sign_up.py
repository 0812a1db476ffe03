"""Somebody of 75 signs up, looks it up and takes it back; somebody listens to a book; sheets of paper."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from activities import signup
from activities.models import Activity, SignUp
from tests.activities.town import make_course
from tests.journeys import measures
from tests.journeys.pages import choose_display
from tests.makers import make_activity_of

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine")
SHEET = re.compile(rb"/Type\s*/Page[^s]")
SMALLEST_ON_PAPER = 14 * 96 / 72  # 14 pt in CSS pixels


class ByKeyboard:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page):
        self.page = page

    def reach(self, described):
        for _ in range(90):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"{described}:focus").count():
                return
        raise AssertionError(f"{described} is not reached by the Tab key")

    def write(self, name, text):
        self.reach(f"[name={name}]")
        self.page.keyboard.type(text)

    def follow(self, described):
        self.reach(described)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_by_keyboard_in_the_largest_text_from_the_list_to_the_code_and_back(
    cast, live_server, open_page, fits, axe, scripts
):
    activity = cast.activities["here"]
    page = open_page(360, scripts=scripts)
    hands = ByKeyboard(page)
    choose_display(page, live_server.url, "huge")
    page.goto(f"{live_server.url}/activities/")
    assert fits(page)
    hands.follow(f'a[href="{activity.get_absolute_url()}"]')
    assert fits(page)
    hands.follow(f'a[href="{activity.get_absolute_url()}sign-up/"]')
    assert fits(page)
    fields = page.locator("main :is(input, textarea):visible:not([name=website])")  # that one is for robots
    assert fields.count() == 3  # a name, a telephone, a tick
    hands.write("name", "示例爷爷")
    hands.write("telephone", "+86 １９９ 0000 7777")
    hands.follow("main button[type=submit]")  # the tick is forgotten
    page.wait_for_selector(".govuk-error-summary:focus")
    assert page.title().startswith("错误：")
    assert page.input_value("[name=name]") == "示例爷爷"
    hands.reach("[name=consent]")
    page.keyboard.press("Space")
    hands.follow("main button[type=submit]")
    assert page.get_by_role("heading", level=1).inner_text() == "报上了"
    assert fits(page)
    code = page.locator(".code").inner_text().replace(" ", "")
    assert re.fullmatch(r"\d{8}", code)
    assert not any(part in page.url for part in (code, "7777"))
    if scripts:
        assert axe(page) == []

    page.context.clear_cookies()  # next week, on the daughter's phone
    page.goto(f"{live_server.url}/lookup/")
    hands.write("code", f"{code[:4]} {code[4:]}")
    hands.write("last_four", "7777")
    hands.follow("main button[type=submit]")
    assert "示例爷爷" in page.inner_text(".people")
    hands.follow(".people a")
    assert "示例爷爷不参加了吗？" in page.inner_text("h1")
    hands.follow("main button[type=submit]")
    assert page.get_by_role("heading", level=1).inner_text() == "都取消了"
    assert "取消好了" in page.inner_text("main")
    assert SignUp.objects.get(name="示例爷爷").status == "cancelled"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_last_seat_a_place_in_the_queue_and_moving_up(cast, live_server, open_page, scripts):
    activity = cast.activities["here"]
    Activity.objects.filter(pk=activity.pk).update(capacity=3)  # two are taken
    last, waiting = open_page(360, scripts=scripts), open_page(360, scripts=scripts)
    for page, name, telephone in ((last, "示例奶奶", "19900007001"), (waiting, "示例邻居", "19900007002")):
        page.goto(f"{live_server.url}{activity.get_absolute_url()}sign-up/")
        page.get_by_label("姓名").fill(name)
        page.get_by_label("电话", exact=True).fill(telephone)
        page.get_by_label("我同意").check()
        with page.expect_navigation():
            page.get_by_role("button", name="报名", exact=True).click()
    assert last.get_by_role("heading", level=1).inner_text() == "报上了"
    assert waiting.get_by_role("heading", level=1).inner_text() == "先排上候补了"
    with last.expect_navigation():
        last.get_by_role("link", name="不去了").click()
    with last.expect_navigation():
        last.get_by_role("button", name="是的，不去了").click()
    waiting.reload()
    assert waiting.get_by_role("heading", level=1).inner_text() == "报上了"
    assert SignUp.objects.get(name="示例邻居").messages.get().kind == "promoted"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_whole_course_but_for_one_session(cast, live_server, open_page, scripts):
    course = cast.courses["here"]
    for week in (1, 2):
        make_activity_of(course.home, course.title, starts_in=timedelta(days=2 + 7 * week), course=course)
    page = open_page(360, scripts=scripts)
    page.goto(f"{live_server.url}{course.get_absolute_url()}")
    with page.expect_navigation():
        page.get_by_role("link", name="整门课都报名").click()
    page.get_by_text("几个人一起来").click()  # what most people leave folded
    page.get_by_label("还有谁一起来").fill("示例老伴")
    page.get_by_label("姓名").fill("示例爷爷")
    page.get_by_label("电话", exact=True).fill("19900007003")
    page.get_by_label("我同意").check()
    with page.expect_navigation():
        page.get_by_role("button", name="报名", exact=True).click()
    assert SignUp.objects.filter(status="confirmed", booking__course=course).count() == 6
    with page.expect_navigation():
        page.get_by_role("link", name="示例老伴").last.click()
    with page.expect_navigation():
        page.get_by_role("button", name="是的，不去了").click()
    assert SignUp.objects.filter(status="confirmed", booking__course=course).count() == 5


def test_a_double_tap_is_one_booking(cast, live_server, open_page):
    page = open_page(360)
    page.goto(f"{live_server.url}{cast.activities['here'].get_absolute_url()}sign-up/")
    page.get_by_label("姓名").fill("示例奶奶")
    page.get_by_label("电话", exact=True).fill("19900007004")
    page.get_by_label("我同意").check()
    page.get_by_role("button", name="报名", exact=True).dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile("/lookup/booking/"))  # the second press breaks off what the first one loads
    assert SignUp.objects.filter(name="示例奶奶").count() == 1


def test_what_search_engines_read_does_not_trouble_the_page(cast, live_server, open_page, axe, fits):
    """The strict content policy has nothing to say about a data block: the console stays silent."""
    page = open_page(360)
    page.goto(f"{live_server.url}{cast.activities['here'].get_absolute_url()}")
    assert any('"Event"' in block for block in page.locator('script[type="application/ld+json"]').all_text_contents())
    assert axe(page) == []
    assert fits(page)


# --- the audio library
def test_listening_goes_on_where_one_stopped(cast, live_server, open_page, axe, fits):
    item = cast.recordings["here"]
    page = open_page(360)
    page.goto(f"{live_server.url}{item.get_absolute_url()}")
    assert axe(page) == []
    assert fits(page)
    play, again = page.get_by_role("button", name="播放"), page.get_by_role("button", name="从头听")
    assert play.bounding_box()["height"] >= 60
    assert not again.is_visible()
    page.evaluate("key => localStorage.setItem(key, '77')", f"listened:{item.slug}")  # as if it were long
    page.reload()
    assert page.get_by_role("button", name="接着听（从1分17秒）").is_visible()
    again.click()
    page.get_by_role("button", name="停一停").wait_for()
    page.get_by_role("button", name="播放", exact=True).wait_for()  # it is two notes long
    assert page.evaluate("localStorage.length") == 0


def test_listening_without_scripts(cast, live_server, open_page):
    page = open_page(360, scripts=False)
    page.goto(f"{live_server.url}{cast.recordings['here'].get_absolute_url()}")
    assert page.locator("audio[controls]").is_visible()
    assert not page.get_by_role("button", name="播放").is_visible()
    assert page.get_by_text("金丝雀读书的文字").is_visible()


# --- on paper
def sheets(page):
    return len(SHEET.findall(page.pdf(format="A4", prefer_css_page_size=True)))


def small_on_paper(page):
    page.emulate_media(media="print")
    return page.evaluate(
        """smallest => [...document.querySelectorAll("main *")].filter((one) =>
          [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) &&
          one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < smallest - 0.1
        ).map((one) => one.outerHTML.slice(0, 100))""",
        SMALLEST_ON_PAPER,
    )


@pytest.mark.parametrize("sessions", [0, 7, 20])
def test_a_booking_is_one_sheet(cast, live_server, open_page, axe, fits, sessions):
    """One activity with four people; a course with two, one of whom leaves out some sessions."""
    home, people = cast.homes["here"], ["示例爷爷", "示例奶奶", "示例老伴", "示例邻居"]
    if sessions:
        course = make_course(home, sessions=sessions, bring="自己的二胡，没有的可以借", place="二楼东边的活动室")
        booking = signup.enrol(course, names=people[:2], telephone="19900007007")
        for row in booking.sign_ups.filter(name="示例奶奶").order_by("activity__starts_at")[2:5]:
            signup.leave(row)
    else:
        activity = make_activity_of(home, "金秋大讲堂：怎样当好楼栋长", starts_in=timedelta(days=1), bring="老花镜")
        booking = signup.join(activity, names=people, telephone="19900007007", proxy="示例女儿")
    page = open_page(360)
    page.goto(f"{live_server.url}/lookup/")
    page.get_by_label("您的码").fill(booking.code)
    page.get_by_label("电话的后四位").fill("7007")
    with page.expect_navigation():
        page.get_by_role("button", name="查一查").click()
    assert page.get_by_role("heading", level=1).inner_text() == "报上了"
    assert axe(page) == []
    assert fits(page)
    for measure in (measures.small_targets, measures.crowded_targets, measures.cut_off):
        assert measure(page) == []
    assert sheets(page) == 1
    assert small_on_paper(page) == []
    assert not page.get_by_role("link", name="不去了").first.is_visible()
    assert page.locator(".dates li:visible").count() == sessions


def test_the_number_to_ring_is_never_smaller_than_the_text(cast, live_server, open_page, fits):
    page = open_page(320)
    choose_display(page, live_server.url, "huge")
    page.goto(f"{live_server.url}{cast.activities['here'].get_absolute_url()}")
    size = "one => parseFloat(getComputedStyle(one).fontSize)"
    assert page.locator("main .call b").evaluate(size) >= page.locator("main .particulars dd").first.evaluate(size)
    assert measures.cut_off(page) == []
    assert fits(page)


def test_facts_stand_beside_their_label(cast, live_server, open_page):
    """A link in a fact is as high as a finger; its words stand on the line of the label all the same."""
    page = open_page(1280)
    page.goto(f"{live_server.url}{cast.activities['here'].get_absolute_url()}")
    apart = page.eval_on_selector_all(
        ".particulars div",
        """rows => rows.map((row) => ["dt", "dd"].map((part) => {
          const range = document.createRange();
          range.selectNode(document.createTreeWalker(row.querySelector(part), NodeFilter.SHOW_TEXT).nextNode());
          return range.getClientRects()[0].bottom;
        })).map(([label, fact]) => Math.abs(label - fact))""",
    )
    assert len(apart) >= 3
    assert max(apart) < 3


def test_the_month_on_a_phone_begins_with_today(cast, live_server, open_page):
    home = cast.homes["here"]
    with time_machine.travel(datetime(2026, 11, 18, 2, tzinfo=UTC), tick=False):
        for title, days in (("过去的", -9), ("今天的", 0), ("以后的", 9)):
            make_activity_of(home, title, starts_in=timedelta(days=days, hours=2))
        page = open_page(360, scripts=False)
        page.goto(f"{live_server.url}/activities/month/?home=here&month=2026-11")
        past, days = page.get_by_text("过去的"), page.locator(".month td:visible")
        assert "18日" in days.first.inner_text()
        assert not past.is_visible()
        page.get_by_label("今天以前的也给我看").check()
        assert past.is_visible()
        wide = open_page(1280)
        wide.goto(page.url)
        assert wide.get_by_text("过去的").is_visible()
        assert not wide.get_by_label("今天以前的也给我看").is_visible()
        assert sheets(page) == 1


def test_the_month_of_a_home_is_one_sheet(cast, live_server, open_page, fits):
    home = cast.homes["here"]

    for day in range(1, 28):
        for title in ("暖心厨房", "太极拳队"):
            make_activity_of(home, title, starts_in=timedelta(days=day))
    page = open_page(360)
    page.goto(f"{live_server.url}/activities/month/?home=here")
    assert fits(page)
    assert sheets(page) == 1
    assert small_on_paper(page) == []


def test_a_page_left_open_while_the_last_seat_went(cast, live_server, open_page):
    activity = cast.activities["here"]
    page = open_page(360)
    page.goto(f"{live_server.url}{activity.get_absolute_url()}sign-up/")
    Activity.objects.filter(pk=activity.pk).update(capacity=2)
    signup.join(activity, names=["先到"], telephone="19900007005")
    page.get_by_label("姓名").fill("示例奶奶")
    page.get_by_label("电话", exact=True).fill("19900007006")
    page.get_by_label("我同意").check()
    with page.expect_navigation():
        page.get_by_role("button", name="报名", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "先排上候补了"
    assert "前面还有1位" in page.inner_text(".people")
