"""Addresses of help asked for and given, and of letters."""

from django.urls import include, path

urlpatterns = [
    path("", include("volunteers.letter_urls")),
]
