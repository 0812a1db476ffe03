"""/desk/manual/: how a task is done, a page each, for whoever is logged in. The pages are docs/manual/*.md.

`TASKS` says on which pages of the site a task is done: at the top of those stands 怎么做？ with the way to its page.
"""

from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from PIL import Image

from branches.views.desk import never_stored, way_in
from config.site import address_of
from homes.views.posters import poster_page

FOLDER = settings.BASE_DIR / "docs/manual"
INDEX, LESSON = "README", "first-lesson"
DOTS = 1.5  # of a picture for each CSS pixel

# {page of the manual: routes of the pages where its task is done}, * standing for anything
TASKS = {
    "log-in": ("account/password/", "account/second-step/*"),
    "today": ("desk/", "admin/", "desk/columns/"),
    "post-activity": (
        "desk/activities/", "desk/activities/new/", "desk/activities/<int:pk>/", "desk/activities/<int:pk>/edit/",
        "desk/activities/<int:pk>/preview/", "desk/activities/<int:pk>/publish/", "desk/activities/<int:pk>/hold/",
        "desk/activities/<int:pk>/submit/", "desk/activities/<int:pk>/send-back/", "admin/activities/activity/*",
    ),
    "again": (
        "desk/activities/new/", "desk/activities/<int:pk>/copy/", "desk/activities/<int:pk>/repeat/",
        "desk/activities/courses/*", "admin/activities/course/*",
    ),
    "change-activity": (
        "desk/activities/<int:pk>/", "desk/activities/<int:pk>/reschedule/", "desk/activities/<int:pk>/cancel/",
        "desk/activities/<int:pk>/seats/", "desk/activities/<int:pk>/correct/", "desk/activities/<int:pk>/finish/",
        "desk/activities/<int:pk>/unpublish/", "desk/calls/*",
    ),
    "door": ("desk/activities/<int:pk>/people/*", "desk/activities/<int:pk>/check-in/", "desk/check-in/*",
             "admin/activities/signup/*", "admin/activities/booking/*"),
    "paper": ("desk/activities/<int:pk>/", "desk/activities/<int:pk>/people/", "desk/activities/<int:pk>/paper/*",
              "desk/calls/*"),
    "recap": ("desk/activities/<int:pk>/recap/*", "admin/activities/recap/*"),
    "notice": ("desk/notices/*", "admin/activities/notice/*"),
    "hours": ("admin/homes/home/*",),
    "closed-day": ("admin/homes/home/*", "admin/branches/calendarday/*"),
    "import": ("admin/branches/member/", "admin/branches/member/import/*", "admin/homes/home/import/*"),
    "export": ("admin/branches/member/", "admin/branches/member/export/*", "admin/branches/exportrequest/*"),
    "report": ("desk/report/", "desk/memberships/*", "admin/branches/communitymembership/*"),
    "care": (
        "desk/", "desk/members/*", "desk/pairs/*", "desk/slips/", "desk/deliveries/*",
        "desk/activities/<int:pk>/deliver/", "admin/branches/pairing/*", "admin/branches/carevisit/*",
    ),
    "order": ("desk/orders/*", "admin/volunteers/serviceorder/*", "admin/volunteers/assignment/*"),
    "rota": ("desk/teams/*", "admin/volunteers/duty/*", "admin/volunteers/team/*"),
    "letter": ("desk/letters/*", "admin/volunteers/letter/*", "admin/volunteers/office/*"),
    "application": ("desk/applications/*", "admin/homes/homeapplication/*"),
    "inspection": (
        "desk/applications/<int:pk>/visit/", "desk/inspections/*", "desk/homes/*", "desk/demonstrations/*",
        "desk/observations/*", "admin/homes/inspection/*", "admin/homes/demonstration/*",
        "admin/homes/observationvisit/*",
    ),
    "project": ("desk/projects/*", "admin/homes/communityproject/*", "admin/homes/ledgerline/*"),
    "grant": ("desk/grants/*", "admin/homes/grant/*", "admin/homes/instalment/*"),
    "figures": ("desk/figures/*", "desk/circles/*", "admin/branches/publishedfigure/*"),
    "postings": ("admin/branches/user/*", "admin/branches/posting/*"),
    "hand-over": ("admin/branches/user/*", "admin/branches/posting/*"),
    "audit": ("admin/branches/auditentry/*",),
    "records": ("admin/*", "desk/position/"),
}  # fmt: skip


class Page(NamedTuple):
    """A page of the manual: the first line of its file is its title."""

    slug: str
    title: str
    text: str

    @property
    def address(self):
        names = {INDEX: "manual", LESSON: "first_lesson"}
        return reverse(names[self.slug]) if self.slug in names else reverse("manual_page", args=[self.slug])

    @property
    def html(self):
        return html_of(self.text)


@cache
def page_of(slug):
    title, text = (FOLDER / f"{slug}.md").read_text().split("\n", 1)
    return Page(slug, title.removeprefix("# "), text)


@cache
def pages_for(route):
    """The pages of the manual about what is done at this route, in the order of TASKS."""
    fitting = (slug for slug, places in TASKS.items() if any(fnmatchcase(route, place) for place in places))
    return [page_of(slug) for slug in fitting]


@cache
def html_of(text):
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    for token in (child for each in tokens for child in each.children or ()):
        if token.type == "image":
            _place(token)
        elif token.type == "link_open" and token.attrs["href"].endswith(".md"):
            token.attrs["href"] = page_of(token.attrs["href"].removesuffix(".md")).address
    return mark_safe(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S308 - HTML in our files is escaped


def _place(token):
    """The picture's address on the site, and the room it takes before it has arrived."""
    path = FOLDER / token.attrs["src"]
    with Image.open(path) as picture:
        width, height = (round(side / DOTS) for side in picture.size)
    known = {"src": reverse("manual_picture", args=[path.stem]), "width": width, "height": height}
    token.attrs |= known | {"loading": "lazy"}


@never_stored
@login_required
@require_safe
def manual(request, slug=INDEX):
    """A page of the manual; first of all the list of them by who one is."""
    if slug not in TASKS and slug != INDEX:
        raise Http404
    way = [*way_in(request.user), *([] if slug == INDEX else [("使用手册", reverse("manual"))])]
    return render(request, "desk/manual/page.html", {"page": page_of(slug), "crumbs": way})


@never_stored
@login_required
@require_safe
def picture(request, name):
    path = FOLDER / f"pictures/{name}.webp"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/webp")


@never_stored
@login_required
@require_safe
def first_lesson(request):
    """The first ten minutes of an organiser, on a sheet of A4 to lie beside the telephone."""
    page, address = page_of(LESSON), address_of(request) + reverse("desk:today")
    return poster_page(
        request, "desk/manual/first_lesson.html", {"page": page, "much": True},
        name=page.title, scanned=address, typed=address, is_sample=False,
    )  # fmt: skip
