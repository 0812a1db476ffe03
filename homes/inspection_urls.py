"""Addresses of inspections, all of the desk."""

from django.urls import path

from homes.views import inspection_desk

app_name = "inspections"

urlpatterns = [
    path("desk/inspections/", inspection_desk.homes, name="homes"),
    path("desk/inspections/<int:pk>/", inspection_desk.inspection, name="inspection"),
    path("desk/inspections/<int:pk>/paper/", inspection_desk.paper, name="paper"),
    path("desk/inspections/photos/<int:pk>/", inspection_desk.photo, name="photo"),
    path("desk/applications/<int:pk>/visit/", inspection_desk.inspect_application, name="of_application"),
    path("desk/homes/<slug:slug>/inspections/", inspection_desk.of_home, name="of_home"),
    path("desk/homes/<slug:slug>/inspect/", inspection_desk.inspect_home, name="inspect_home"),
]
