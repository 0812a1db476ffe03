"""Addresses of the whole site. Each app keeps its own below its name."""

from django.contrib import admin
from django.urls import path

from config import display, health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("display/", display.choose, name="display"),
    path("admin/", admin.site.urls),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
