"""Addresses of visits by those who come to look (观摩), at the desk."""

from django.urls import path

from homes.views import observation_desk as desk

app_name = "observations"

urlpatterns = [
    path("desk/observations/", desk.observations, name="desk"),
    path("desk/observations/new/", desk.new, name="new"),
    path("desk/observations/<int:pk>/", desk.edit, name="edit"),
]
