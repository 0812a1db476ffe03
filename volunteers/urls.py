"""Addresses of the volunteers' side. Each part keeps its own in a file beside this one."""

from django.urls import include, path

app_name = "volunteers"

urlpatterns = [
    path("volunteer/", include("volunteers.own_urls")),
]
