"""Addresses below /volunteer/: the page of somebody who serves."""

from django.urls import path

from volunteers.views import own_page

urlpatterns = [
    path("", own_page.own, name="own"),
    path("enter/", own_page.enter, name="own_enter"),
    path("leave/", own_page.leave, name="own_leave"),
]
