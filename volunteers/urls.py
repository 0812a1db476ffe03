"""Addresses of the volunteers' side. Each part keeps its own in a file beside this one."""

from django.urls import include, path

app_name = "volunteers"

urlpatterns = [
<<<<<<< HEAD
    path("desk/orders/", include("volunteers.desk_urls")),
    path("volunteer/orders/", include("volunteers.own_order_urls")),
=======
    path("teams/", include("volunteers.team_urls")),
>>>>>>> c1371f0b84c1b62669850177cdc2d40b546ae4b6
    path("volunteer/", include("volunteers.own_urls")),
]
