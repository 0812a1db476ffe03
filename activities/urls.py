"""Addresses of what goes on: activities, courses, calendars, signing up, and what was signed up for."""

from django.urls import include, path
from django.views.decorators.http import require_safe

from activities import api
from activities.feeds import ActivitiesFeed, CoursesFeed, HomeFeed, LibraryFeed, NoticesFeed, RecapsFeed
from activities.views import (
    activity,
    booking,
    calendars,
    check_in,
    courses,
    library,
    listing,
    notices,
    picture,
    poster,
    recap,
    sign_up,
)
from config.caching import public_page

app_name = "activities"

urlpatterns = [
    path("activities/", listing.listing, name="listing"),
    path("activities/month/", listing.month, name="month"),
    path("activities/<int:pk>/", activity.activity, name="activity"),
    path("activities/<int:pk>.ics", calendars.activity, name="ics"),
    path("activities/<int:pk>/here/", check_in.here, name="here"),
    path("activities/<int:pk>/poster/", poster.poster, name="poster"),
    path("activities/<int:pk>/sign-up/", sign_up.sign_up, name="sign_up"),
    path("courses/", courses.courses, name="courses"),
    path("courses/<slug:slug>/", courses.course, name="course"),
    path("courses/<slug:slug>/calendar.ics", calendars.course, name="course_ics"),
    path("courses/<slug:slug>/poster/", poster.course_poster, name="course_poster"),
    path("courses/<slug:slug>/sign-up/", sign_up.enrol, name="enrol"),
    path("homes/<slug:slug>/programme/", poster.programme, name="programme"),
    path("homes/<slug:slug>/calendar.ics", calendars.home, name="home_ics"),
    path("branches/<slug:slug>/calendar.ics", calendars.branch, name="branch_ics"),
    path("themes/<slug:slug>/calendar.ics", calendars.theme, name="theme_ics"),
    path("api/activities/", api.activities, name="api"),
    path("api/activities/<int:pk>/", api.activity, name="api_activity"),
    path("api/courses/", api.courses, name="api_courses"),
    path("feeds/activities/", public_page(require_safe(ActivitiesFeed())), name="feed"),
    path("feeds/notices/", public_page(require_safe(NoticesFeed())), name="notices_feed"),
    path("feeds/recaps/", public_page(require_safe(RecapsFeed())), name="recaps_feed"),
    path("feeds/courses/", public_page(require_safe(CoursesFeed())), name="courses_feed"),
    path("feeds/library/", public_page(require_safe(LibraryFeed())), name="library_feed"),
    path("homes/<slug:slug>/feed/", public_page(require_safe(HomeFeed())), name="home_feed"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/files/<int:file_pk>/", notices.attachment, name="attachment"),
    path("library/", library.library, name="library"),
    path("library/<slug:slug>/", library.item, name="recording"),
    path("library/<slug:slug>/sound/", library.sound, name="sound"),
    path("lookup/booking/<int:pk>/", booking.booking, name="booking"),
    path("lookup/booking/<int:pk>/leave/", booking.leave_course, name="leave_course"),
    path("lookup/booking/<int:pk>/leave/<int:sign_up_pk>/", booking.leave, name="leave"),
    path("pictures/a/<int:pk>-<slug:version>.png", picture.picture, name="picture"),
    path("pictures/c/<int:pk>-<slug:version>.png", picture.course_picture, name="course_picture"),
    path("media/recaps/<slug:name>.webp", recap.photo, name="recap_photo"),
    path("desk/", include("activities.desk_urls")),
    path("desk/", include("activities.door_urls")),
]
