"""What search engines may list: the public pages, nothing else."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import Max, OuterRef, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import Activity, AudioItem, Course, Notice
from branches.models import Branch, Division
from config import english
from config.site import address_of
from homes.models import CommunityProject, Home, HomeApplication, Theme
from volunteers.models import Letter, Team


class Listed(Sitemap):
    """Addresses as the settings say the portal's own is, else as they were asked for."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_ADDRESS).netloc or super().get_domain(site)

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_ADDRESS).scheme or super().get_protocol(protocol)


class InBoth(Listed):
    """Pages that may be there in English too: each says where, as the pages themselves do."""

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            scheme, host, path = urlsplit(url["location"])[:3]
            pages = english.alternates(path)
            url["alternates"] = [{"lang_code": code, "location": f"{scheme}://{host}{each}"} for code, each in pages]
        return urls


class Dated(Listed):
    """Rows that come with `changed_at`: when something about them was last written."""

    def lastmod(self, row):
        return row.changed_at


def with_history(rows):
    """Add `changed_at`, the moment of the newest line in the history of each row."""
    history = rows.model.history.filter(id=OuterRef("pk")).order_by("-history_date")
    return rows.annotate(changed_at=Subquery(history.values("history_date")[:1]))


class Pages(InBoth):
    def items(self):
        return [
            "front",
            "homes:directory",
            "homes:themes",
            "homes:near",
            "circles:circles",
            "circles:lacking",
            "applications:notices",
            "activities:listing",
            "activities:month",
            "activities:courses",
            "activities:notices",
            "activities:library",
            "letters:list",
            "projects:list",
            "volunteers:help",
            "branches",
            "volunteers:teams",
            "figures",
            "about",
            "privacy",
            "accessibility",
            "workflow",
            "api",
            "site_map",
            "feeds",
        ]

    def location(self, item):
        return reverse(item)


class Homes(InBoth):
    def items(self):
        return Home.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, home):
        return home.updated_at


class EnglishPages(Pages):
    def items(self):
        return [page for page in super().items() if english.twin(reverse(page))]

    def location(self, item):
        return english.twin(reverse(item))


class EnglishHomes(Homes):
    def location(self, home):
        return english.twin(home.get_absolute_url())


class Applications(Listed):
    """Those in their public notice: the others have no address."""

    def items(self):
        return HomeApplication.objects.in_notice().only("number", "notice_from").order_by("pk")

    def lastmod(self, application):
        return application.notice_from


class Circles(Homes):
    """The circle of each home."""

    def location(self, home):
        return reverse("homes:circle", args=[home.slug])


class Themes(Dated):
    """The page of a theme is new when one of its homes is."""

    def items(self):
        rows = Theme.objects.filter(is_archived=False, homes__in=Home.objects.public())
        return rows.annotate(changed_at=Max("homes__updated_at")).order_by("pk")


class Streets(Dated):
    """That of a street, too."""

    def items(self):
        homes = Home.objects.public().filter(division__parent=OuterRef("pk")).order_by("-updated_at")
        return Division.objects.streets().annotate(changed_at=Subquery(homes.values("updated_at")[:1])).order_by("pk")

    def location(self, street):
        return reverse("homes:street", args=[street.code])


class Branches(Dated):
    def items(self):
        return with_history(Branch.objects.active().order_by("pk"))


class Teams(Dated):
    def items(self):
        return with_history(Team.objects.public().only("slug").order_by("pk"))


class Activities(Listed):
    """What is to come, and what was in the last year."""

    def items(self):
        year_ago = timezone.now() - timedelta(days=365)
        rows = Activity.objects.public().filter(ends_at__gt=year_ago).only("pk", "updated_at")
        return rows.order_by("-starts_at", "-pk")[: self.limit]

    def lastmod(self, activity):
        return activity.updated_at


class Courses(Dated):
    """The page of a course is new when one of its sessions is."""

    def items(self):
        return Course.objects.public().only("slug").annotate(changed_at=Max("sessions__updated_at")).order_by("pk")


class Notices(Listed):
    def items(self):
        return Notice.objects.current().only("pk", "updated_at")

    def lastmod(self, notice):
        return notice.updated_at


class Recordings(Listed):
    def items(self):
        return AudioItem.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item):
        return item.updated_at


class Projects(Listed):
    def items(self):
        return CommunityProject.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, project):
        return project.updated_at


class Letters(Listed):
    def items(self):
        return Letter.objects.public().only("pk", "published_at").order_by("-published_at", "-pk")[: self.limit]

    def lastmod(self, letter):
        return letter.published_at


SITEMAPS = {
    "pages": Pages,
    "homes": Homes,
    "english": EnglishPages,
    "english-homes": EnglishHomes,
    "circles": Circles,
    "applications": Applications,
    "themes": Themes,
    "streets": Streets,
    "branches": Branches,
    "teams": Teams,
    "activities": Activities,
    "courses": Courses,
    "notices": Notices,
    "library": Recordings,
    "letters": Letters,
    "projects": Projects,
}


@require_safe
def index(request):
    """The list of the lists. None is longer than one file may be (`Sitemap.limit`), so nothing has to be counted."""
    addresses = [reverse("django.contrib.sitemaps.views.sitemap", args=[section]) for section in SITEMAPS]
    lists = [SitemapIndexItem(f"{address_of(request)}{address}") for address in addresses]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": lists}, content_type="application/xml")


@require_safe
def robots(request):
    """Everything public may be indexed; the staff pages may not."""
    site_map = f"Sitemap: {address_of(request)}/sitemap.xml"
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /desk/",
        "Disallow: /lookup/",
        "Disallow: /en/lookup/",
        "Disallow: /volunteer/",
        site_map,
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
