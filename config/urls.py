"""Addresses of the whole site. Each app keeps its own below its name."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe

from config import display, feeds, gallery, health, lookup, pages, workflow
from config.open_data import pages as open_data
from config.open_data.figures import open_figures
from config.sitemaps import SITEMAPS, index, robots

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("display/", display.choose, name="display"),
    path("account/", include("config.account_urls")),
    path("admin/", admin.site.urls),
    path("", pages.front, name="front"),
    path("en/", include("config.english_urls")),
    path("figures/", pages.figures, name="figures"),
    path("about/", pages.about, name="about"),
    path("about/privacy/", pages.privacy, name="privacy"),
    path("about/accessibility/", pages.accessibility, name="accessibility"),
    path("about/workflow/", workflow.workflow, name="workflow"),
    path("about/site-map/", pages.site_map, name="site_map"),
    path("api/", open_data.api, name="api"),
    path("api/openapi.json", open_data.openapi, name="openapi"),
    path("api/figures/", open_figures, name="api_figures"),
    path("lookup/", lookup.lookup, name="lookup"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("robots.txt", robots),
    path("sitemap.xml", index, name="sitemap-index"),
    path(
        "sitemap-<section>.xml",
        require_safe(sitemap),
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("", include("config.short_addresses")),
    path("", include("config.shared_pictures")),
    path("", include("homes.urls")),
    path("", include("branches.urls")),
    path("", include("activities.urls")),  # the desk shows its parts in this order
    path("", include("volunteers.urls")),
    path("", include("volunteers.letter_urls")),
    path("", include("homes.application_urls")),
    path("", include("homes.inspection_urls")),
    path("desk/figures/", include("config.figure_urls")),
    path("", include("homes.grant_urls")),
    path("", include("homes.demonstration_urls")),
    path("", include("homes.observation_urls")),
    path("", include("homes.project_urls")),
    path("", include("homes.circles_urls")),
    path("", include("config.desk_urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
