"""Addresses below /volunteer/: the page of somebody who serves."""

from django.urls import path

from volunteers.views import own_captain, own_page, own_service

urlpatterns = [
    path("", own_service.own, name="own"),
    path("enter/", own_page.enter, name="own_enter"),
    path("leave/", own_page.leave, name="own_leave"),
    path("me/", own_service.me, name="own_me"),
    path("hours/", own_service.statement, name="own_hours"),
    path("shifts/<int:pk>/join/", own_service.join, name="own_join"),
    path("places/<int:pk>/", own_service.place, name="own_place"),
    path("places/<int:pk>/take-over/", own_service.take_over, name="own_take_over"),
    path("asks/<int:pk>/", own_captain.ask, name="own_ask"),
    path("asks/<int:pk>/decline/", own_captain.decline, name="own_decline_ask"),
    path("asks/<int:pk>/code/", own_captain.code, name="own_code"),
]
