"""The figures of the demo: what the records say is what was published, and a month of them is one sheet of paper."""

import csv
import re
from pathlib import Path

from config.demo_logins import DEMO_LOGINS

DISTRICT = Path(__file__).resolve().parents[2] / "config" / "districts" / "tianxin" / "figures.csv"
SHEET = re.compile(rb"/Type\s*/Page\b")


def number(text):
    return int(re.sub(r"\D", "", text))


def test_the_records_of_the_demo_say_what_was_published(demo, open_page):
    page = open_page(360, scripts=False)
    page.goto(f"{demo}/figures/")
    with DISTRICT.open(encoding="utf-8-sig") as file:
        published = list(csv.DictReader(file))
    lines = page.locator(".compare > li")
    found = {line.locator("h2").inner_text(): number(line.locator("dd b").last.inner_text()) for line in lines.all()}
    wrong = {
        row["label"]: found.get(row["label"])
        for row in published
        if not (
            found.get(row["label"], -1) >= int(row["value"])
            if row["at_least"] == "yes"
            else found.get(row["label"]) == int(row["value"])
        )
    }
    assert wrong == {}
    assert len(published) == len(found) == 10
    assert page.get_by_role("img", name="今天对居民公布的老党员之家").is_visible()
    assert page.get_by_role("img", name="志愿者").is_visible()


def test_the_desk_fits_a_phone_and_a_month_fits_a_sheet(demo, open_page, log_in, fits, axe):
    page = open_page(360)
    log_in(page, demo, "district", DEMO_LOGINS["district"][1], to="/desk/figures/")
    page.get_by_role("link", name="志愿者", exact=True).click()
    assert page.get_by_role("img", name="今天，各街道").is_visible()
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("link", name="打印这个月的一张").click()
    assert page.get_by_role("row", name=re.compile("南托街道")).is_visible()
    assert len(SHEET.findall(page.pdf(format="A4", prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    sizes = page.eval_on_selector_all(
        ".sheet p, .sheet td, .sheet th, .sheet caption",
        "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))",
    )
    assert sizes * 72 / 96 >= 14
