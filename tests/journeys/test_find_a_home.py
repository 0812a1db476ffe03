"""Stories of people who look for a home: by street, filters or position, with scripts off, by keyboard, on paper."""

import re

import pytest

from tests.journeys.pages import PAGES

POSITION = {"longitude": 112.985, "latitude": 28.11}  # in the district
A4_LINES = re.compile(rb"/Type\s*/Page[^s]")
SMALLEST_ON_PAPER = 14 * 96 / 72  # 14 pt in CSS pixels


def submitted(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def followed(page, link, *, within=None):
    with page.expect_navigation():
        (within or page).get_by_role("link", name=link).first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_grandmother_looks_for_a_home_in_her_street_without_a_step(demo, open_page, scripts):
    page = open_page(360, scripts=scripts)
    page.goto(demo)
    page.get_by_label("选一个街道").select_option(label="坡子街街道")
    submitted(page, "看看有哪些家")
    everything = page.locator(".home-list > li").count()
    followed(page, "进门没有台阶")
    chosen = page.get_by_role("list", name="已经选了的条件")
    assert "坡子街街道" in chosen.inner_text()
    assert "进门没有台阶" in chosen.inner_text()
    found = page.locator(".home-list .home-name a").all_inner_texts()
    assert 0 < len(found) < everything
    followed(page, found[0])
    assert page.get_by_role("heading", level=1).inner_text() == found[0]
    hours = page.locator("table.timetable tbody tr")
    assert hours.count() == 7
    assert re.search(r"\d{1,2}:\d\d–\d{1,2}:\d\d", page.locator("table.timetable").inner_text())
    assert page.get_by_role("link", name="打电话").first.get_attribute("href").startswith("tel:")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_conditions_that_find_nothing_are_taken_back_one_at_a_time(demo, open_page, scripts):
    page = open_page(360, scripts=scripts)
    page.goto(f"{demo}{PAGES['directory, filters that find nothing']}")
    assert "没有找到合适的家" in page.inner_text("main")
    assert page.get_by_role("link", name="打电话").first.is_visible()
    chosen = page.get_by_role("list", name="已经选了的条件")
    for word in ("现在开放", "进门没有台阶"):
        followed(page, word, within=chosen)
    assert page.locator(".home-list > li").count() == 1
    followed(page, "航天工业", within=chosen)
    assert page.url == f"{demo}/homes/"
    assert page.locator(".home-list > li").count() >= 29


def test_a_choice_says_beforehand_how_many_homes_it_leaves(demo, open_page):
    page = open_page()
    page.goto(f"{demo}/homes/?step_free=1")
    for choice in page.locator("#filters details[open] a.choice:not([aria-current])").all()[:4]:
        promised = int(re.search(r"(\d+)个?$", choice.inner_text().replace("\n", "").replace(" ", "")).group(1))
        other = open_page()
        other.goto(f"{demo}{choice.get_attribute('href')}")
        assert int(other.locator("[role=status] .number").inner_text()) == promised


def test_search_finds_two_characters_and_says_what_to_do_when_it_finds_nothing(demo, open_page):
    page = open_page(360)
    page.goto(demo)
    page.get_by_role("searchbox", name="搜索").fill("二胡")
    submitted(page, "搜索")
    assert page.locator(".found > li").count() >= 4
    page.locator("#site-search").fill("火星")
    page.locator("#site-search").press("Enter")
    assert "没有找到" in page.inner_text("main")
    followed(page, "所有的家")
    assert page.locator(".home-list > li").count() >= 29


def test_the_phone_says_where_i_am_and_the_walk_is_told_in_slow_minutes(demo, open_page):
    page = open_page(360, geolocation=POSITION, permissions=["geolocation"])
    page.goto(f"{demo}/near/")
    followed(page, "慢慢走")
    submitted(page, "看看哪个家离我近")
    minutes = [
        int(re.search(r"约(\d+)分钟", text).group(1)) for text in page.locator(".home-minutes").all_inner_texts()
    ]
    assert minutes == sorted(minutes)
    assert len(minutes) == 3
    assert "按“慢慢走”每秒0.8米算" in page.inner_text("main")
    assert "估算" in page.inner_text("main")
    assert page.locator(".walk a.call").first.get_attribute("href").startswith("tel:")
    assert "112.98" not in page.url + page.content()  # the position is forgotten


def test_who_keeps_the_position_secret_chooses_the_community(demo, open_page):
    page = open_page(360, permissions=[])
    page.goto(f"{demo}/near/")
    page.get_by_role("button", name="看看哪个家离我近").click()
    page.get_by_text("没有拿到位置，没关系").wait_for()
    page.get_by_label("社区或村").select_option(label="赤岭路社区")
    submitted(page, "看附近的家")
    assert "赤岭路社区老党员之家" in page.locator(".home-list .home-name").first.inner_text()


def test_without_scripts_the_community_is_chosen_from_the_list(demo, open_page):
    page = open_page(360, scripts=False)
    page.goto(f"{demo}/near/")
    assert not page.get_by_role("button", name="看看哪个家离我近").is_visible()
    page.get_by_label("社区或村").select_option(label="赤岭路社区")
    submitted(page, "看附近的家")
    assert "赤岭路社区老党员之家" in page.locator(".home-list .home-name").first.inner_text()
    compound = page.locator("section[aria-labelledby=compounds] a").first
    name = compound.inner_text().split()[0]
    compound.click()
    assert f"离{name}最近的3个家" in page.inner_text("main")
    assert page.get_by_text("怎么走：").count() == 3


def test_without_scripts_a_press_on_the_picture_is_a_place_and_the_next_is_more_exact(demo, open_page, fits):
    page = open_page(360, scripts=False)
    page.goto(f"{demo}/near/?pace=brisk")
    told = []
    for heading, place in (("在图上点一下", {"x": 140, "y": 150}), ("在放大的图上再点一下", {"x": 20, "y": 20})):
        page.get_by_role("heading", name=heading).wait_for()
        page.locator("input[type=image]").click(position=place)
        assert page.locator(".map-here").is_visible()
        assert page.locator(".walk").count() == 3
        assert "按“走得快”每秒1.2米算" in page.inner_text("main")
        told.append(page.locator(".walk").first.inner_text())
        assert fits(page)
    assert told[0] != told[1]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_way_of_showing_is_remembered_after_the_browser_was_closed(demo, chromium, open_page, scripts):
    page = open_page(360, scripts=scripts)
    page.goto(f"{demo}/homes/?theme=sample-erhu")
    submitted(page, "特大")
    assert page.url == f"{demo}/homes/?theme=sample-erhu"  # where I was
    submitted(page, "高对比")
    followed(page, "关于")
    assert pressed(page) == ["特大", "高对比"]
    kept = page.context.storage_state()
    assert all(cookie["expires"] > 0 for cookie in kept["cookies"])  # none of them ends with the browser
    again = open_page(360, scripts=scripts, storage_state=kept)
    again.goto(demo)
    assert pressed(again) == ["特大", "高对比"]
    assert again.locator("html").evaluate("html => getComputedStyle(html).fontSize") == "30.4px" if scripts else True
    submitted(again, "高对比")
    submitted(again, "标准")
    assert pressed(again) == ["标准"]


def pressed(page):
    return page.locator(".tools button[aria-pressed=true]").all_inner_texts()


def test_the_first_tab_stop_leads_past_the_menu(demo, open_page):
    page = open_page()
    page.goto(f"{demo}/homes/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "跳到正文"
    assert page.locator(":focus").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# where the keyboard is; a mark on the map wears its ring as the edge of its circle
FOCUS = """
() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const circle = one.querySelector(".map-marker > circle");
  const outlined = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3;
  return {
    place: one === document.body ? -1 : [...document.querySelectorAll("*")].indexOf(one),
    html: one.outerHTML.slice(0, 160),
    ring: outlined || (circle !== null && parseFloat(getComputedStyle(circle).strokeWidth) >= 3),
    inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}
"""


@pytest.mark.parametrize("name", ["front", "directory, one filter", "home of the samples", "near"])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(demo, open_page, name):
    page = open_page()
    page.goto(f"{demo}{PAGES[name]}")
    reachable = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
          .filter((one) => one.checkVisibility()).length"""
    )
    stops = []
    for _ in range(reachable + 1):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    assert stops.pop()["place"] == -1  # past the last one and out: no trap
    assert [stop["html"] for stop in stops if not stop["ring"]] == []
    assert [stop["html"] for stop in stops if not stop["inView"]] == []
    places = [stop["place"] for stop in stops]
    assert places == sorted(set(places))


def test_every_field_shows_that_it_is_being_filled_in(demo, open_page):
    page = open_page()
    page.goto(f"{demo}/gallery/")
    dark = []
    for field in page.locator("main form").locator("input:not([type=hidden]), select, textarea, button").all():
        field.focus()
        dark += [field.get_attribute("id")] if not page.evaluate(FOCUS_OF_FIELD) else []
    assert dark == []


# radio buttons and boxes are drawn by their label
FOCUS_OF_FIELD = """
() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const drawn = one.labels && one.labels.length ? getComputedStyle(one.labels[0], "::before") : style;
  const ring = (part) => part.outlineStyle === "solid" && parseFloat(part.outlineWidth) >= 3;
  const shows = (part) => ring(part) || part.boxShadow !== "none";
  return shows(style) || shows(drawn);
}
"""


def test_filters_and_folded_groups_open_with_enter(demo, open_page):
    page = open_page()
    page.goto(f"{demo}/homes/")
    page.locator("summary", has_text="设施").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    word = page.locator(":focus").inner_text().split("\n")[0]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "?facility=" in page.url
    assert re.sub(r"\d+个?", "", word).strip() in page.get_by_role("list", name="已经选了的条件").inner_text()


def pages_on_paper(page):
    return len(A4_LINES.findall(page.pdf(prefer_css_page_size=True)))


def test_a_poster_is_one_sheet_with_letters_that_can_be_read_from_a_distance(demo, open_page):
    page = open_page()
    page.goto(f"{demo}/homes/sample-01/")
    followed(page, "打印海报")
    assert pages_on_paper(page) == 1
    page.emulate_media(media="print")
    assert smallest_on_paper(page) >= SMALLEST_ON_PAPER - 0.05
    assert not page.get_by_role("button", name="打印").is_visible()
    assert page.locator("svg.qr").is_visible()


def smallest_on_paper(page):
    return page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("main *")]
          .filter((one) => one.checkVisibility() && !one.closest("svg")
            && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )


# A device with a Chinese voice, that notes what it is asked to say.
VOICE = """
  const said = [], voice = {lang: "zh-CN", name: "小美"};
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", {value: {
    said, getVoices: () => [voice], speak: (sentence) => said.push(sentence), cancel: () => { said.length = 0; },
  }});
"""


def test_read_aloud_is_offered_where_there_is_a_voice_and_starts_only_on_a_press(demo, open_page):
    page = open_page(360)
    page.add_init_script(VOICE)
    page.goto(f"{demo}/about/")
    button = page.get_by_role("button", name="朗读本页")
    assert button.is_visible()
    assert page.evaluate("speechSynthesis.said.length") == 0
    button.click()
    said = page.evaluate("speechSynthesis.said.map((sentence) => sentence.text).join('')")
    assert "老党员之家" in said
    stop = page.get_by_role("button", name="停止朗读")
    assert stop.get_attribute("aria-pressed") == "true"
    stop.click()
    assert page.evaluate("speechSynthesis.said.length") == 0
    assert button.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("scripts", [True, False], ids=["no voice", "no scripts"])
def test_read_aloud_is_not_offered_where_it_cannot_work(demo, open_page, scripts):
    page = open_page(360, scripts=scripts)
    page.goto(f"{demo}/about/")
    assert not page.get_by_text("朗读本页", exact=True).is_visible()


def test_facts_that_nobody_knows_are_said_to_be_missing(demo, open_page):
    page = open_page(360)
    page.goto(f"{demo}{PAGES['home with facts not known']}")
    assert page.get_by_text("待补充").count() >= 5
    assert page.get_by_role("link", name="先打服务电话").get_attribute("href").startswith("tel:")


def test_samples_are_marked_on_every_page_that_shows_them(demo, open_page):
    page = open_page()
    page.goto(f"{demo}/homes/?theme=sample-erhu")
    cards = page.locator(".home-list > li")
    assert cards.count() == cards.filter(has_text="示例数据").count() >= 4
    page.goto(f"{demo}/homes/sample-01/")
    assert "这是示例数据" in page.inner_text("main")
    page.goto(f"{demo}/homes/sample-01/poster/")
    assert "示例数据" in page.inner_text("main")


def test_the_circle_of_a_home_is_read_at_ones_own_pace_and_the_big_map_comes_when_asked_for(demo, open_page, axe, fits):
    page = open_page(360)
    page.goto(f"{demo}/homes/jiahe/")
    followed(page, "走路15分钟以内有些什么")
    assert "按平常走（每秒1.0米）算" in page.inner_text("main")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    followed(page, "慢慢走")
    assert "按慢慢走（每秒0.8米）算" in page.inner_text("main")
    assert not [address for address in asked if "leaflet" in address]  # nor anything else of it
    button = page.get_by_role("button", name="看大地图")
    button.focus()
    page.keyboard.press("Enter")
    big_map = page.get_by_role("region", name="大地图")
    home = big_map.get_by_role("button", name="嘉和社区老党员之家")
    home.wait_for()
    assert big_map.evaluate("frame => frame === document.activeElement")
    shown = big_map.locator("path.outline").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).strokeDasharray)"
    )
    assert len(set(shown)) == 2  # certain and possible are told apart by more than colour
    assert "估算：直线距离乘1.4" in big_map.inner_text()
    before = home.bounding_box()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([one, left]) => one.getBoundingClientRect().left !== left", arg=[home.element_handle(), before["x"]]
    )
    home.focus()
    page.keyboard.press("Enter")
    big_map.get_by_role("link", name="嘉和社区老党员之家").wait_for()
    assert axe(page) == []
    assert fits(page)
    plain = open_page(360, scripts=False)
    plain.goto(f"{demo}/homes/jiahe/circle/")
    assert not plain.get_by_role("button", name="看大地图").is_visible()
    assert plain.get_by_role("link", name=re.compile("号，.*之家")).count() > 0  # the drawing leads to the other homes
