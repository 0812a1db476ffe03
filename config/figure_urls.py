"""Addresses of the figures at the desk."""

from django.urls import path

from config import figure_desk

app_name = "desk_figures"

urlpatterns = [
    path("", figure_desk.desk, name="desk"),
    path("export/", figure_desk.export, name="export"),
    path("sheet/", figure_desk.sheet, name="sheet"),
    path("publish/", figure_desk.publish, name="publish"),
    path("<slug:key>/note/", figure_desk.note, name="note"),
]
