"""What there is in English, below /en/: the views of the Chinese pages. They have no names: `english.address` knows."""

from django.urls import path

from config import lookup, pages
from homes.views import pages as homes
from volunteers.views import help as asking
from volunteers.views import help_order

urlpatterns = [
    path("", pages.front),
    path("about/", pages.about),
    path("homes/", homes.directory),
    path("homes/<slug:slug>/", homes.home),
    path("help/", asking.start),
    path("help/ask/", asking.ask),
    path("help/<int:pk>/", help_order.order),
    path("help/<int:pk>/cancel/", help_order.cancel),
    path("lookup/", lookup.lookup),
]
