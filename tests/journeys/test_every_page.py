"""Every kind of page, for old eyes and hands and slow telephones: the sections A, B, D and F of the checklist."""

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve

from tests.journeys import measures
from tests.journeys.pages import PAGES, address, choose_display
from tests.makers import make_homes

REQUESTS = 8
BYTES, BYTES_WITH_PICTURES = 60_000, 90_000
JUMPS = 0.05  # cumulative layout shift
GOES_ON = ("activities/", "courses/")
OF_A_KIND = 10  # pages that are opened of one kind, besides those of PAGES
PRESSES = 3  # from the front page to any other
FRONTS = ("/", "/en/")
MAIN_ACTIONS = ".ways a, a.call, a.hotline, .site-nav a, main .govuk-button:not(.button-quiet)"


def hard_to_use(page):
    """Everything on the page that is too small, too near, cut off or cramped."""
    texts = measures.text_sizes(page)
    small = [(px, length, where) for px, length, where in texts if px < 17.9]
    # only the numbers on the map, SVG's <text>, may be below 18
    wrong = [f"{px:.1f} px: {where}" for px, _, where in small if px < 16 or not where.startswith("text ")]
    if sum(length for _, length, _ in small) > 0.05 * sum(length for _, length, _ in texts):
        wrong.append("more than 5 % of the text is small")
    heights = page.eval_on_selector_all(MAIN_ACTIONS, "all => all.map((one) => one.getBoundingClientRect().height)")
    wrong += [f"a main action only {height} px high" for height in heights if height < 60]
    for measure in (measures.small_targets, measures.crowded_targets, measures.cut_off, measures.cramped):
        wrong += [f"{measure.__name__}: {where}" for where in measure(page)]
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone(demo, open_page, axe, fits, name):
    page = open_page(360, device_scale_factor=2)
    loaded = measures.weigh(page)
    page.goto(f"{demo}{address(demo, name)}")
    assert measures.read_to_the_end(page) <= JUMPS
    assert len(loaded) <= REQUESTS
    assert sum(loaded) <= (BYTES_WITH_PICTURES if page.locator("img").count() else BYTES)
    assert fits(page)
    assert measures.misbuilt(page) == []
    assert axe(page) == []
    assert hard_to_use(page) == []
    measures.spread_letters(page)
    assert fits(page)
    assert measures.cut_off(page) == []


def test_on_a_desk(demo, open_page, fits):
    page, wrong = open_page(1280), {}
    for name in PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{demo}{address(demo, name)}")
        found = hard_to_use(page) + ([] if fits(page) else ["wider than the window"])
        page.set_viewport_size({"width": 640, "height": 450})  # the same window at 200 %
        found += measures.cut_off(page) + ([] if fits(page) else ["wider than the window at 200 %"])
        if found:
            wrong[name] = found
    assert wrong == {}


def test_in_the_largest_text_on_the_narrowest_phone(demo, open_page, fits):
    page, wrong = open_page(320), {}
    choose_display(page, demo, "huge", "high")
    for name in PAGES:
        page.goto(f"{demo}{address(demo, name)}")
        if found := hard_to_use(page) + ([] if fits(page) else ["wider than the screen"]):
            wrong[name] = found
    assert wrong == {}


def test_the_homes_near_a_press_on_the_picture(demo, open_page, axe, fits):
    page = open_page(360)
    page.goto(f"{demo}/near/")
    page.locator("input[type=image]").click(position={"x": 140, "y": 150})
    assert page.locator(".map-here").is_visible()
    assert fits(page)
    assert measures.misbuilt(page) == []
    assert axe(page) == []
    assert hard_to_use(page) == []


def test_the_second_page_of_a_list(live_server, cast, open_page, axe, fits):
    make_homes(cast.communities["here"], 32)
    page = open_page(360)
    page.goto(f"{live_server}/homes/")
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**/homes/?page=2")
    assert page.locator(".home-list > li").count() == 35 - 30
    assert fits(page)
    assert measures.misbuilt(page) == []
    assert axe(page) == []
    assert hard_to_use(page) == []


@pytest.mark.parametrize("contrast", ["normal", "high"])
def test_contrast_is_strong_however_the_page_is_shown(demo, open_page, contrast):
    """AA for everything, AAA (7:1) for text, 3:1 for the edges of what can be pressed or filled in."""
    page, weak = open_page(360), []
    rules = {"runOnly": ["color-contrast", "color-contrast-enhanced", "link-in-text-block", "target-size"]}
    for size, name in [
        *(("standard", name) for name in ("front", "directory, one filter", "home of the samples", "near", "gallery")),
        *(("large", name) for name in ("front", "home of the samples")),
        *(("huge", name) for name in ("front", "home of the samples")),
    ]:
        choose_display(page, demo, size, contrast)
        page.goto(f"{demo}{address(demo, name)}")
        for one in Axe().run(page, options=rules | {"resultTypes": ["violations"]}).response["violations"]:
            weak += [f"{size} {name}: {one['id']}: {node['html'][:160]}" for node in one["nodes"]]
        weak += [f"{size} {name}: edge of {where}" for where in measures.faint_edges(page)]
    assert weak == []


def test_the_body_text_has_the_promised_sizes(demo, open_page):
    page = open_page(360)
    for size, pixels in {"standard": 20, "large": 24, "huge": 30.4}.items():
        choose_display(page, demo, size)
        page.goto(f"{demo}/about/")
        assert page.locator("article p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)") == pixels


@pytest.mark.parametrize("name", ["front", "directory", "home of the samples", "gallery"])
def test_all_text_grows_with_the_browsers_own_size(demo, open_page, name):
    """A reader who has set the browser to letters twice as large gets all of them twice as large."""
    page = open_page(1280)
    page.goto(f"{demo}{address(demo, name)}")
    before = [(px, where) for px, _, where in measures.text_sizes(page)]
    page.evaluate("document.documentElement.style.fontSize = '250%'")
    after = [px for px, _, _ in measures.text_sizes(page)]
    stuck = [where for (px, where), grown in zip(before, after, strict=True) if grown < 1.9 * px]
    assert [where for where in stuck if not where.startswith("text ")] == []  # a map grows with the window


def test_who_asks_for_the_largest_text_gets_a_larger_pointer(demo, open_page):
    page = open_page(1280)
    page.goto(demo)
    assert page.locator("main").evaluate("main => getComputedStyle(main).cursor") == "auto"
    choose_display(page, demo, "huge")
    page.goto(demo)
    assert "width='64'" in page.locator("main").evaluate("main => getComputedStyle(main).cursor")


class Links(HTMLParser):
    """The title of a page, and where it leads; what search engines should not follow is a filter, not a page."""

    def __init__(self, html):
        super().__init__()
        self.title, self.addresses, self._in_title = "", [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._in_title = tag == "title" and not self.title
        if tag == "a" and "nofollow" not in attributes.get("rel", ""):
            self.addresses.append(attributes.get("href", ""))

    def handle_data(self, data):
        if self._in_title:
            self.title += data


def test_every_page_is_three_presses_away_and_no_link_is_dead(demo):
    """From the front page by links alone, in each language from its own. Every page it meets has a title of its own.

    Of pages of one kind, with the same questions behind the address, so many are opened. All that stands is three
    presses away; of what goes on, which comes and goes by the hundred, so is the nearest of each kind of page.
    """
    presses, titles, waiting, opened = dict.fromkeys(FRONTS, 0), {}, deque(FRONTS), Counter()
    while waiting:
        path = waiting.popleft()
        parts = urlsplit(path)
        route = resolve(parts.path).route
        kind = route, tuple(parse_qs(parts.query))
        opened[kind] += 1
        if opened[kind] > OF_A_KIND and path not in PAGES.values():
            continue
        with urlopen(Request(f"{demo}{path}")) as response:  # noqa: S310 - a link that is dead raises
            if response.headers.get_content_type() != "text/html" or path == PAGES["gallery"]:
                continue  # the examples of the gallery lead nowhere
            page = Links(response.read().decode())
        titles.setdefault(page.title, []).append(path)
        for link in page.addresses:
            target = urlsplit(urljoin(f"{demo}{path}", urldefrag(link).url))
            found = target.path + (f"?{target.query}" if target.query else "")
            if target.scheme == "http" and target.netloc == urlsplit(demo).netloc and found not in presses:
                presses[found] = presses[path] + 1
                waiting.append(found)
    far = {path: resolve(urlsplit(path).path).route for path, number in presses.items() if number > PRESSES}
    near = {resolve(urlsplit(path).path).route for path, number in presses.items() if number <= PRESSES}
    assert {path: route for path, route in far.items() if not (route in near and route.startswith(GOES_ON))} == {}
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}
    homes = {path for path in presses if path.startswith("/homes/") and path.count("/") == 3 and "?" not in path}
    assert len(homes) >= 29
    # what nobody is led to, or from pages of a kind of which ten were opened; what holds a number is found by its link
    strange = {
        "not found", "activities, filters that find nothing", "directory, filters that find nothing",
        "directory, a search that finds nothing", "directory, a page that is not there", "directory, one filter",
        "near a community", "activities of a month at one home",
    }  # fmt: skip
    assert {page for name, page in PAGES.items() if name not in strange and isinstance(page, str)} <= presses.keys()
