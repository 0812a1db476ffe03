"""Addresses of the volunteers' side. Each part keeps its own in a file beside this one."""

from django.urls import include, path

app_name = "volunteers"

urlpatterns = [
    path("desk/orders/", include("volunteers.desk_urls")),
    path("volunteer/orders/", include("volunteers.own_order_urls")),
    path("desk/teams/", include("volunteers.team_desk_urls")),
    path("teams/", include("volunteers.team_urls")),
    path("help/", include("volunteers.help_urls")),
    path("volunteer/", include("volunteers.own_urls")),
]
