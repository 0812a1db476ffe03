"""Addresses of the homes: the directory, a home, its posters, its photographs, themes, streets; and the search."""

from django.urls import path
from django.views.decorators.http import require_safe

from config.caching import public_page
from homes import api, nearest_api
from homes.feeds import HomesFeed
from homes.views import circle, files, near, near_map, picture, posters, search
from homes.views import pages as views

app_name = "homes"

urlpatterns = [
    path("homes/", views.directory, name="directory"),
    path("homes/directory.csv", files.directory_csv, name="directory_csv"),
    path("homes/directory.xlsx", files.directory_xlsx, name="directory_xlsx"),
    path("homes/<slug:slug>/", views.home, name="home"),
    path("homes/<slug:slug>/poster/", posters.poster, name="poster"),
    path("homes/<slug:slug>/circle/", circle.circle, name="circle"),
    path("homes/<slug:slug>/circle/poster/", posters.circle_poster, name="circle_poster"),
    path("homes/<slug:slug>/circle.geojson", circle.geojson, name="circle_geojson"),
    path("themes/", views.themes, name="themes"),
    path("themes/<slug:slug>/", views.theme, name="theme"),
    path("streets/<slug:code>/", views.street, name="street"),
    path("search/", search.search, name="search"),
    path("search/suggestions", search.suggestions, name="suggestions"),
    path("near/", near.near, name="near"),
    path("near/map.svg", near_map.near_map, name="near_map"),
    path("api/homes/", api.homes, name="api"),
    path("api/homes/<slug:slug>/", api.home, name="api_home"),
    path("api/homes.geojson", api.homes_geojson, name="api_homes"),
    path("api/circles.geojson", api.circles_geojson, name="api_circles"),
    path("api/nearest", nearest_api.nearest_homes, name="api_nearest"),
    path("feeds/homes/", public_page(require_safe(HomesFeed())), name="feed"),
    path("pictures/h/<int:pk>-<slug:version>.png", picture.picture, name="picture"),
    path("media/photos/<slug:name>.webp", views.photo, name="photo"),
]
