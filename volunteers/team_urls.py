"""Addresses below /teams/: the public pages of teams."""

from django.urls import path

from volunteers.views import team_pages

urlpatterns = [
    path("", team_pages.teams, name="teams"),
    path("<slug:slug>/", team_pages.team, name="team"),
    path("<slug:slug>/join/", team_pages.join, name="join"),
    path("<slug:slug>/asked/", team_pages.asked, name="asked"),
]
