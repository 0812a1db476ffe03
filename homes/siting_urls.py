"""Addresses of the choice of sites, at the desk."""

from django.urls import path

from homes.views import siting_desk

app_name = "siting"

urlpatterns = [
    path("desk/circles/siting/", siting_desk.siting, name="desk"),
    path("desk/circles/siting/export/", siting_desk.export, name="export"),
]
