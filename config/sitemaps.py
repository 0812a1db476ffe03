"""What search engines may list: the public pages, nothing else."""

from datetime import timedelta

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import Activity, AudioItem, Course, Notice
from branches.models import Branch, Division
from homes.models import CommunityProject, Home, HomeApplication, Theme
from volunteers.models import Letter, Team


class Pages(Sitemap):
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
            "offline",
            "workflow",
        ]

    def location(self, item):
        return reverse(item)


class Homes(Sitemap):
    def items(self):
        return Home.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, home):
        return home.updated_at


class Applications(Sitemap):
    """Those in their public notice: the others have no address."""

    def items(self):
        return HomeApplication.objects.in_notice().only("number").order_by("pk")


class Themes(Sitemap):
    def items(self):
        return Theme.objects.filter(is_archived=False, homes__in=Home.objects.public()).distinct()


class Streets(Sitemap):
    def items(self):
        return Division.objects.streets()

    def location(self, street):
        return reverse("homes:street", args=[street.code])


class Branches(Sitemap):
    def items(self):
        return Branch.objects.active().order_by("pk")


class Teams(Sitemap):
    def items(self):
        return Team.objects.public().only("slug").order_by("pk")


class Activities(Sitemap):
    """What is to come, and what was in the last year."""

    def items(self):
        year_ago = timezone.now() - timedelta(days=365)
        rows = Activity.objects.public().filter(ends_at__gt=year_ago).only("pk", "updated_at")
        return rows.order_by("-starts_at", "-pk")[: self.limit]

    def lastmod(self, activity):
        return activity.updated_at


class Courses(Sitemap):
    def items(self):
        return Course.objects.public().only("slug").order_by("pk")


class Notices(Sitemap):
    def items(self):
        return Notice.objects.current().only("pk", "updated_at")

    def lastmod(self, notice):
        return notice.updated_at


class Recordings(Sitemap):
    def items(self):
        return AudioItem.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item):
        return item.updated_at


class Projects(Sitemap):
    def items(self):
        return CommunityProject.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, project):
        return project.updated_at


class Letters(Sitemap):
    def items(self):
        return Letter.objects.public().only("pk", "published_at").order_by("-published_at", "-pk")[: self.limit]

    def lastmod(self, letter):
        return letter.published_at


SITEMAPS = {
    "pages": Pages,
    "homes": Homes,
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
    lists = [SitemapIndexItem(request.build_absolute_uri(address)) for address in addresses]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": lists}, content_type="application/xml")


@require_safe
def robots(request):
    """Everything public may be indexed; the staff pages may not."""
    site_map = f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}"
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /desk/",
        "Disallow: /lookup/",
        "Disallow: /volunteer/",
        site_map,
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
