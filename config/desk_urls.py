"""The desk's pages about the site as a whole."""

from django.urls import path

from config import column_page, health_page, manual

urlpatterns = [
    path("desk/columns/", column_page.page, name="columns"),
    path("desk/health/", health_page.page, name="health"),
    path("desk/manual/", manual.manual, name="manual"),
    path("desk/manual/first-lesson/", manual.first_lesson, name="first_lesson"),
    path("desk/manual/pictures/<slug:name>.webp", manual.picture, name="manual_picture"),
    path("desk/manual/<slug:slug>/", manual.manual, name="manual_page"),
]
