"""The public pages about homes. Each fetches, and answers; what a page shows is the same for every reader."""

from dataclasses import replace
from functools import cache, partial

import segno
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from branches.map import draw
from branches.models import Division
from config import english
from config.caching import (
    card,
    card_rows,
    cards,
    cards_by_key,
    cards_of_minute,
    know,
    piece,
    public_page,
    question,
    remember,
    rendered,
    shown,
)
from config.json_ld import script
from config.site import address_of, district
from homes import directory as directories
from homes import json_ld
from homes.models import Home, Photo, ProjectPhoto, Theme, lines
from homes.views.picture import picture_of
from homes.week import week

PAGE_SIZE = 30
NEXT = 5  # activities shown of those that come next
UNFOLDED = 2  # groups of filters that are open from the start


def homes_directory():
    """The index of public homes, with the doors that are open now."""
    index = remember("directory", lambda: directories.build(card_rows(Home)), lasting=True)
    since = index.last_moment(timezone.localtime().time())
    return piece(f"directory {since}", partial(index.at, since), lasting=True)


def _map(homes, title, start=1):
    """The outline with these homes, numbered as in the list beside it."""
    return draw(
        district(),
        (
            (
                home.longitude,
                home.latitude,
                {
                    "label": english.plain_name(home.name),
                    "number": number,
                    "href": english.address(home.get_absolute_url()),
                    "sample": home.is_sample,
                },
            )
            for number, home in enumerate(homes, start)
        ),
        title,
    )


def next_activities(activities):
    """The next ones of these."""
    return activities.upcoming()[:NEXT]


@require_safe
@public_page
def directory(request):
    """All homes, narrowed by filters that combine, thirty a page; the map shows the homes of the page."""
    index = homes_directory()
    filters, notices = index.read(request.GET)
    asked = urlencode(filters.query())
    found = piece(f"homes {asked} {index.since}", partial(_found, index, filters), lasting=True)
    page = Paginator(found["pks"], PAGE_SIZE).get_page(request.GET.get("page"))
    if request.GET.get("page", "1") != str(page.number):
        notices.append(_("没有这一页，先给您看第%d页。") % page.number)
    context = {
        "page": page,
        "total": len(found["pks"]),
        "filters": filters,
        "query": QueryDict(asked),
        "chosen": _chosen(index, filters),
        "notices": notices,
    }
    name = f"homes {asked} {index.since} page {page.number}"
    listed = piece(name, partial(_listed_and_drawn, page), lasting=True)
    return render(request, english.template("homes/directory.html"), context | found | listed)


def _found(index, filters):
    """The homes that these filters leave, whatever page of them is asked for, and the filters to go on with."""
    pks = [entry.pk for entry in index.matching(filters)]
    choices = shown(english.template("homes/directory.html#choices"), {"groups": _groups(index, filters)})
    return {"pks": pks, "choices": choices}


def _listed_and_drawn(page):
    """The cards of a page of homes, and its map; neither where there are none."""
    start, homes = page.start_index(), cards_by_key(Home, page.object_list)
    drawn = {"map": _map(homes, _("这一页的家在哪里"), start)} if homes else {}
    listed = rendered(english.template("homes/directory.html"), {"start": start, "homes": homes}, "list")
    return listed | {"places": shown(english.template("homes/directory.html#places"), drawn)}


def _groups(index, filters):
    """The filters as the page lists them: [(title, choices, unfolded)], each choice with its count and address."""
    counts = index.counts(filters)

    def choice(name, value, label):
        return {
            "label": label,
            "count": counts[name][value],
            "selected": filters.has(name, value),
            "url": _address(filters.toggled(name, value)),
        }

    groups = (
        (_("先挑要紧的"), [choice(name, "1", _(label)) for name, label in directories.FLAGS.items()]),
        (_("街道"), [choice("street", code, english.name(name)) for code, name in index.streets]),
        (_("主题"), [choice("theme", theme.slug, english.word(theme.name)) for theme in index.themes]),
        (_("设施"), [choice("facility", slug, english.word(name)) for slug, name in index.facilities]),
    )
    return [
        (title, choices, number < UNFOLDED or any(choice["selected"] for choice in choices))
        for number, (title, choices) in enumerate(groups)
    ]


def _chosen(index, filters):
    """The filters that are on, in words, each with the address that takes it off: [(label, url)]."""
    if not filters:
        return []
    labels = {code: english.name(name) for code, name in index.streets}
    labels |= {theme.slug: english.word(theme.name) for theme in index.themes}
    there = {slug: format_html(_("有{}"), english.word(name)) for slug, name in index.facilities}
    chosen = []
    for name, value in filters.query():
        if name == "q":
            chosen.append((english.chinese(f"“{value}”"), _address(replace(filters, q=""))))
        else:
            known = there if name == "facility" else labels
            label = _(directories.FLAGS[name]) if name in directories.FLAGS else known[value]
            chosen.append((label, _address(filters.toggled(name, value))))
    return chosen


def _address(filters):
    directory = _directory(get_language())
    return f"{directory}?{urlencode(filters.query())}" if filters else directory


@cache
def _directory(_language):
    """Where the directory is in this language: a page names it some forty times."""
    return english.address(reverse("homes:directory"))


@require_safe
@public_page
def home(request, slug):
    """The page of a home, of parts that stand until an edit, its door, and what comes next."""
    site = address_of(request)
    lasting = piece(f"home {slug} {site}", partial(_public_parts, slug, site), lasting=True)
    found = card(Home, slug=slug)
    if found is None or not found.is_public:
        raise Http404
    door = piece(f"home door {slug} {found.opening}", partial(_door, found), lasting=True)
    activities = cards_of_minute(f"home {slug} next", lambda: next_activities(found.activities))
    now = [(activity.pk, activity.is_open_for_sign_up()) for activity in activities]
    coming = piece(f"home next {slug} {now}", partial(_next, found, activities))
    return render(request, english.template("homes/home.html"), {"home": found} | lasting | door | coming)


def preview(request, pk):
    """The same for staff, before it is published: nothing of it is kept."""
    home = Home.objects.for_page().get(pk=pk)
    parts = _parts(home, address_of(request), preview=True) | _door(home)
    parts |= _next(home, cards(next_activities(home.activities)))
    return render(request, "homes/home.html", {"home": home, "preview": True} | parts)


def _public_parts(slug, site):
    home = get_object_or_404(question("homes with all", Home.objects.public().for_page), slug=slug)
    know(home)
    return _parts(home, site)


def _door(home):
    """The name of the home, and whether its door is open."""
    context = {"home": home, "place": place_in_words(home), "service": settings.SITE_TELEPHONE}
    return rendered(english.template("homes/home.html"), context, "door")


def _next(home, activities):
    return rendered(english.template("homes/home.html"), {"home": home, "activities": activities}, "next")


def _parts(home, site, *, preview=False):
    """What does not change within a day, and what search engines read of it; `site` is the portal's address."""
    today = timezone.localdate()
    picture = picture_of(home, home.weekly)
    place = json_ld.place(home, home.weekly, home.special, site)
    context = {
        "home": home,
        "preview": preview,
        "week": week(home.weekly, home.special, today, today if home.status != Home.Status.SUSPENDED else None),
        "exceptions": home.special,
        "facilities": home.facility_list,
        "photos": list(home.photos.shown()),
        "branches": sorted(lines.read(home.branch_lines)),
        "projects": sorted(lines.read(home.project_lines)),
        "map": _map([home], _("%s在哪里") % english.plain_name(home.name)) if home.is_located else None,
    }
    return rendered(english.template("homes/home.html"), context, "when", "about", "aside") | {
        "shared_picture": picture,
        "json_ld": script(place | {"image": f"{site}{picture.address}"}),
    }


def place_in_words(home):
    """Street and community, as far as they are known: 先锋街道 · 嘉和社区."""
    return " · ".join(dict.fromkeys(part.short_name for part in (home.street, home.division) if home.street))


def qr(text):
    """A QR code as inline SVG without style attributes, level M, with the white edge that readers look for."""
    drawing = segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr")
    return mark_safe(drawing)  # noqa: S308 - the library writes all of it; the text is only dots


@require_safe
@public_page
def themes(request):
    return render(request, "homes/themes.html", {"themes": themes_in_use()})


def themes_in_use():
    """The themes of public homes, in order, each with its number of homes: [(Theme, count)]."""
    index = homes_directory()
    counts = index.counts(directories.Filters())["theme"]
    return [(theme, counts[theme.slug]) for theme in index.themes]


def _listed(request, homes, title):
    """What a page that lists homes needs: the page of cards, and the map of the same homes."""
    page = Paginator(homes, PAGE_SIZE).get_page(request.GET.get("page"))
    listed = cards(page.object_list)
    return {"page": page, "homes": listed, "start": page.start_index(), "map": _map(listed, title, page.start_index())}


@require_safe
@public_page
def theme(request, slug):
    found = get_object_or_404(Theme, slug=slug, is_archived=False)
    homes = Home.objects.public().filter(theme=found)
    activities = Home.activities.rel.related_model.objects.filter(home__in=homes)
    context = {"theme": found, "next": cards(next_activities(activities))}
    return render(request, "homes/theme.html", context | _listed(request, homes, f"“{found.name}”的家在哪里"))


@require_safe
@public_page
def street(request, code):
    found = get_object_or_404(Division.objects.streets(), code=code)
    homes = Home.objects.public().within(found)
    return render(request, "homes/street.html", {"street": found} | _listed(request, homes, f"{found.name}的家在哪里"))


@require_safe
def photo(request, name):
    """A photograph of a public home or project; of a draft only to staff who may see it. Names hold 128 random bits."""
    named = Q(large=f"photos/{name}.webp") | Q(small=f"photos/{name}.webp")
    stored = Photo.objects.select_related("home").filter(named).first()
    if stored is None:
        stored = get_object_or_404(ProjectPhoto.objects.select_related("project__home"), named)
    shown = stored.project if isinstance(stored, ProjectPhoto) else stored.home
    if stored.is_archived or not shown.is_public:
        if not type(stored).objects.visible_to(request.user).filter(pk=stored.pk).exists():
            raise Http404
        cache = "private, no-store"
    else:
        cache = "public, max-age=3600"
    try:
        with default_storage.open(f"photos/{name}.webp") as file:
            return HttpResponse(file.read(), content_type="image/webp", headers={"Cache-Control": cache})
    except FileNotFoundError as error:
        raise Http404 from error
