"""The kinds of public pages, as the demo shows them."""

import re
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen


class Linked(NamedTuple):
    """A page whose address holds the number of a row: the first that `page` leads to, below the words `after`."""

    page: str
    address: str  # a regular expression
    after: str = ""
    part: str = ""  # of that page: what follows its address


COURSE = "/courses/sample-xingdian-huayuan-1/"
OVER = Linked(COURSE, r"/activities/\d+/", after="上过的")
PAGES = {
    "front": "/",
    "directory": "/homes/",
    "directory, one filter": "/homes/?theme=sample-erhu",
    "directory, filters that find nothing": "/homes/?open=1&step_free=1&theme=hangtian-gongye",
    "directory, a search that finds nothing": f"/homes/?q={quote('火星')}",
    "directory, a page that is not there": "/homes/?page=99&street=nowhere",
    "home with facts not known": "/homes/gaoyun/",
    "home of the samples": "/homes/sample-01/",
    "circle of a home": "/homes/jiahe/circle/",
    "poster": "/homes/sample-01/poster/",
    "themes": "/themes/",
    "theme": "/themes/tielu-jiyi/",
    "street": "/streets/430103006000/",
    "activities": "/activities/",
    "activities, filters that find nothing": "/activities/?kind=nowhere&home=sample-01&free=1",
    "activities of a month": "/activities/month/",
    "activities of a month at one home": "/activities/month/?home=sample-01",
    "activity that is over": OVER,
    "poster of an activity": OVER._replace(part="poster/"),
    "courses": "/courses/",
    "course": COURSE,
    "sign up for a course": f"{COURSE}sign-up/",
    "look a booking up": "/lookup/",
    "notices": "/notices/",
    "notice": Linked("/notices/", r"/notices/\d+/"),
    "audio library": "/library/",
    "recording": "/library/sample-first/",
    "help": "/help/",
    "ask for help": "/help/ask/",
    "ask for help at a home": "/help/ask/?home=sample-01",
    "sign for a door": "/help/sign/sample-01/",
    "poster of what is near": "/homes/sample-01/circle/poster/",
    "near": "/near/",
    "near a community": "/near/?place=430103006000",
    "near a compound": Linked("/near/?place=430103006000", r"/near/\?compound=\d+"),
    "figures": "/figures/",
    "circles": "/circles/",
    "about": "/about/",
    "open data": "/api/",
    "privacy": "/about/privacy/",
    "accessibility": "/about/accessibility/",
    "site map": "/about/site-map/",
    "feeds": "/feeds/",
    "gallery": "/gallery/",
    "not found": "/nothing-here/",
    "English home": "/en/homes/sample-01/",
    "English form": "/en/help/ask/?home=sample-01",
}


def address(site, name):
    """Where the page of this name is in the demo at `site`."""
    page = PAGES[name]
    if isinstance(page, str):
        return page
    with urlopen(f"{site}{page.page}") as response:  # noqa: S310 - a page of this machine
        text = response.read().decode()
    return re.search(page.address, text[text.index(page.after) :])[0] + page.part


def choose_display(page, site, size="standard", contrast="normal"):
    """As if the reader had chosen this text size and contrast before."""
    page.context.add_cookies([{"name": "display", "value": f"{size}-{contrast}", "url": site}])
