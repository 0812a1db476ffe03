"""The desk's pages about the site as a whole."""

from django.urls import path

from config import column_page

urlpatterns = [path("desk/columns/", column_page.page, name="columns")]
