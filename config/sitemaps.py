"""What search engines may list: the public pages, nothing else."""

from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from branches.models import Branch, Division
from homes.models import Home, Theme


class Pages(Sitemap):
    def items(self):
        return [
            "front",
            "homes:directory",
            "homes:themes",
            "homes:near",
            "branches",
            "figures",
            "about",
            "privacy",
            "accessibility",
        ]

    def location(self, item):
        return reverse(item)


class Homes(Sitemap):
    def items(self):
        return Home.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, home):
        return home.updated_at


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


SITEMAPS = {"pages": Pages, "homes": Homes, "themes": Themes, "streets": Streets, "branches": Branches}


@require_safe
def robots(request):
    """Everything public may be indexed; the staff pages may not."""
    site_map = f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}"
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /desk/", site_map, "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
