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
