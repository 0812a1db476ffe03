"""The kinds of public pages, as the demo shows them."""

from urllib.parse import quote

PAGES = {
    "front": "/",
    "directory": "/homes/",
    "directory, one filter": "/homes/?theme=sample-erhu",
    "directory, filters that find nothing": "/homes/?open=1&step_free=1&theme=hangtian-gongye",
    "directory, a search that finds nothing": f"/homes/?q={quote('火星')}",
    "directory, a page that is not there": "/homes/?page=99&street=nowhere",
    "home with facts not known": "/homes/gaoyun/",
    "home of the samples": "/homes/sample-01/",
    "poster": "/homes/sample-01/poster/",
    "themes": "/themes/",
    "theme": "/themes/tielu-jiyi/",
    "street": "/streets/430103006000/",
    "activities": "/activities/",
    "activities, filters that find nothing": "/activities/?kind=nowhere&home=sample-01&free=1",
    "activities of a month": "/activities/month/",
    "activities of a month at one home": "/activities/month/?home=sample-01",
    "activity that is over": "/activities/1/",
    "poster of an activity": "/activities/1/poster/",
    "courses": "/courses/",
    "course": "/courses/sample-xingdian-huayuan-1/",
    "sign up for a course": "/courses/sample-xingdian-huayuan-1/sign-up/",
    "look a booking up": "/lookup/",
    "notices": "/notices/",
    "notice": "/notices/1/",
    "audio library": "/library/",
    "recording": "/library/sample-first/",
    "near": "/near/",
    "near a community": "/near/?place=430103006000",
    "figures": "/figures/",
    "about": "/about/",
    "privacy": "/about/privacy/",
    "accessibility": "/about/accessibility/",
    "site map": "/about/site-map/",
    "gallery": "/gallery/",
    "not found": "/nothing-here/",
}
POSITION = {"longitude": 112.985, "latitude": 28.11}  # somewhere in the district


def choose_display(page, site, size="standard", contrast="normal"):
    """As if the reader had chosen this text size and contrast before."""
    page.context.add_cookies([{"name": "display", "value": f"{size}-{contrast}", "url": site}])
