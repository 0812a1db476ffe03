"""Addresses of what goes on: activities, courses, signing up, and finding a booking again."""

from django.urls import path

from activities.views import activity, listing, sign_up

app_name = "activities"

urlpatterns = [
    path("activities/", listing.listing, name="listing"),
    path("activities/month/", listing.month, name="month"),
    path("activities/<int:pk>/", activity.activity, name="activity"),
    path("activities/<int:pk>/sign-up/", sign_up.sign_up, name="sign_up"),
    path("courses/<slug:slug>/sign-up/", sign_up.enrol, name="enrol"),
    path("lookup/", sign_up.lookup, name="lookup"),
    path("lookup/booking/<int:pk>/", sign_up.booking, name="booking"),
    path("lookup/booking/<int:pk>/leave/", sign_up.leave_course, name="leave_course"),
    path("lookup/booking/<int:pk>/leave/<int:sign_up_pk>/", sign_up.leave, name="leave"),
]
