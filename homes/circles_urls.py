"""Addresses of the fifteen-minute circles: for everybody, and the desk's."""

from django.urls import path

from homes.views import circles_desk, circles_pages, siting_desk

app_name = "circles"

urlpatterns = [
    path("circles/", circles_pages.circles, name="circles"),
    path("circles/lacking/", circles_pages.what_is_lacking, name="lacking"),
    path("desk/circles/", circles_desk.outside, name="desk"),
    path("desk/circles/export/", circles_desk.export, name="export"),
    path("desk/circles/lacking/", circles_desk.what_is_lacking, name="desk_lacking"),
    path("desk/circles/siting/", siting_desk.siting, name="siting"),
    path("desk/circles/siting/export/", siting_desk.export, name="siting_export"),
    path("desk/circles/compounds/<int:pk>/", circles_desk.compound, name="compound"),
]
