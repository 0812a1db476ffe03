"""Without a network: what was read still opens and says from when it is; what is somebody's own is kept nowhere."""

import re

from tests.journeys.pages import choose_display
from tests.journeys.phone import Phone

KEPT = re.compile(r"这是\d{1,2}月\d{1,2}日(上午|下午|晚上)\d{1,2}:\d{2}存下的内容，可能已经变了。")
# what every cache of this browser holds: [[address, text], ...]
STORED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) found.push([key.url, await (await cache.match(key)).text()]);
  }
  return found;
}"""


def stored(page):
    """{path: text} of the pages that the browser keeps; files left out."""
    kept = {address.split("/", 3)[3]: text for address, text in page.evaluate(STORED)}
    return {f"/{path}": text for path, text in kept.items() if not path.startswith("static/")}


# A page, in English, that was public an hour ago
TAKEN_DOWN = """caches.open("pages-1").then((pages) => pages.put(
  "/homes/taken-down/",
  new Response('<html lang="en"><body>', {
    headers: {"Content-Type": "text/html", "Kept-At": Date.now() - 3600000, "Kept-When": "", "Kept-Title": "x"},
  }),
))"""
NO_PATIENCE = "() => { self.usual = setTimeout; self.setTimeout = (done, milliseconds, word) => done(word); }"
PATIENCE_AGAIN = "() => { self.setTimeout = self.usual; }"
# As if 45 pages more were read, and one that is far too long
READ_MUCH = """async () => {
  const pages = await caches.open(PAGES);
  for (let number = 0; number < 45; number += 1) await keep(pages, `/homes/${number}/`, new Headers(), "");
  await keep(pages, "/homes/long/", new Headers(), "x".repeat(MOST_BYTES));
}"""
# Whether, before long, each of these paths is kept, or none is
SETTLES = """async ([paths, wanted]) => {
  const settled = async (path) => Boolean(await caches.match(path)) === wanted;
  for (let frames = 900; frames > 0; frames -= 1) {
    if ((await Promise.all(paths.map(settled))).every(Boolean)) return true;
    await new Promise(requestAnimationFrame);
  }
  return false;
}"""


def comes_to_be_kept(page, *paths):
    return page.evaluate(SETTLES, [paths, True])


def is_let_go(page, path):
    return page.evaluate(SETTLES, [[path], False])


def test_with_the_server_stopped(demo_to_stop, open_page, axe, fits):
    site, page = demo_to_stop.address, open_page(360, keeps_pages=True)
    worker = page.request.get(f"{site}/service-worker.js").text()
    assert re.search(r"/static/css/site\.[0-9a-f]{12}\.css", worker)  # with other files it is another worker
    page.goto(f"{site}/homes/gaoyun/")  # read before there was a worker
    assert comes_to_be_kept(page, "/homes/gaoyun/", "/homes/", "/about/offline/")
    choose_display(page, site, "huge")
    page.goto(f"{site}/themes/tielu-jiyi/")
    assert comes_to_be_kept(page, "/themes/tielu-jiyi/")
    page.goto(f"{site}/homes/?q=13800001111")
    page.goto(f"{site}/lookup/")
    page.goto(f"{site}/near/map.svg")
    page.evaluate(TAKEN_DOWN)
    page.context.service_workers[0].evaluate(NO_PATIENCE)
    page.goto(f"{site}/themes/tielu-jiyi/")
    assert page.inner_text("[data-kept]").startswith("网络太慢，新的还没有到。这是")
    page.context.service_workers[0].evaluate(PATIENCE_AGAIN)

    demo_to_stop.stop()
    page.goto(f"{site}/homes/gaoyun/")
    assert "高云" in page.inner_text("h1")
    assert page.get_attribute("html", "data-size") == "huge"  # as the reader likes it now
    assert KEPT.match(page.inner_text("[data-kept]").removeprefix("现在连不上网站。"))
    assert page.evaluate("getComputedStyle(document.querySelector('.roof')).backgroundColor") == "rgb(148, 26, 18)"
    assert fits(page)
    assert axe(page) == []
    page.context.set_offline(True)
    page.reload()
    assert page.inner_text("[data-kept]").startswith("现在没有网络。这是")
    page.context.set_offline(False)
    page.get_by_text("网络回来了，下面还是从前存下的内容。 看新的").wait_for()
    page.goto(f"{site}/homes/")
    assert KEPT.search(page.inner_text("[data-kept]"))
    assert page.locator('a[href="/homes/gaoyun/"]').count()
    page.goto(f"{site}/homes/taken-down/")
    assert page.inner_text("[data-kept]").startswith("The site cannot be reached. This was kept on ")
    page.goto(f"{site}/homes/sample-01/")
    assert "这部手机上没有存" in page.inner_text("[data-kept]")
    assert "0731-0000 0000" in page.inner_text("main a.call")
    assert fits(page)
    assert axe(page) == []
    page.locator("#kept-pages").get_by_role("link", name="铁路记忆").click()
    assert KEPT.search(page.inner_text("[data-kept]"))
    assert set(stored(page)) == {
        "/about/offline/", "/homes/", "/homes/gaoyun/", "/themes/tielu-jiyi/", "/homes/taken-down/",
    }  # fmt: skip

    demo_to_stop.start()
    with page.expect_navigation():
        page.get_by_role("link", name="再试一次").click()
    assert page.locator("[data-kept]").count() == 0
    page.goto(f"{site}/homes/taken-down/")
    assert is_let_go(page, "/homes/taken-down/")
    page.goto(f"{site}/about/offline/")
    page.locator("#kept-pages a").first.wait_for()
    page.context.service_workers[0].evaluate(READ_MUCH)
    kept = set(stored(page))
    assert len(kept) == 40 + 2
    assert {"/about/offline/", "/homes/", "/homes/44/"} <= kept
    assert kept.isdisjoint({"/homes/0/", "/homes/long/", "/homes/gaoyun/"})
    page.get_by_role("button", name="清除这部手机上存的内容").click()
    page.get_by_text("清掉了").wait_for()
    assert set(stored(page)) == {"/about/offline/"}


def test_a_code_is_kept_by_pressing_and_nothing_of_anybodys_own_else(
    cast, live_server, open_page, fits, log_in, as_fast_as_a_machine
):
    site, page = live_server.url, open_page(360, keeps_pages=True)
    activity, home = cast.activities["here"].get_absolute_url(), cast.homes["here"].get_absolute_url()
    hands = Phone(page, site, fits).open(activity)
    assert comes_to_be_kept(page, activity)
    hands.go_to(f"{activity}sign-up/").fill(name="示例爷爷", telephone="19900007777", consent=True)
    page.locator("main form button[type=submit]").first.click()
    code = page.locator(".code").inner_text().replace(" ", "")
    assert page.evaluate("localStorage.getItem('codes')") in (None, "[]")
    page.get_by_role("button", name="存在这部手机").click()
    page.get_by_role("button", name="不存了").wait_for()
    assert page.evaluate("Object.keys(localStorage)") == ["codes"]
    kept = page.evaluate("localStorage.getItem('codes')")
    assert code in kept
    assert not any(own in kept for own in ("示例爷爷", "7777"))

    page.context.clear_cookies()
    hands.open("/lookup/")
    assert fits(page)
    page.get_by_role("button", name=f"{code[:4]} {code[4:]}").first.click()
    assert page.input_value("[name=code]") == code
    page.keyboard.type("7777")  # where the cursor was put
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookup/booking/**")
    page.get_by_role("button", name="不存了").click()
    assert page.evaluate("localStorage.getItem('codes')") == "[]"
    hands.open("/lookup/")
    assert page.locator("#kept-codes").is_hidden()

    log_in(page, site, "officer", to="/desk/")
    hands.open(home)
    assert comes_to_be_kept(page, home)
    hands.open("/desk/")
    everything = stored(page)
    assert set(everything) == {activity, home, "/homes/", "/about/offline/"}
    assert not any(own in text for text in everything.values() for own in (code, "示例爷爷", "金丝雀小陈"))
    page.get_by_role("button", name="退出登录").click()
    assert is_let_go(page, home)
    assert set(stored(page)) == {"/homes/", "/about/offline/"}
