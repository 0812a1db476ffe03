"""Addresses below /help/: asking for help, the order by its code, the sign for the door."""

from django.urls import path

from volunteers.views import help as asking
from volunteers.views import help_order, help_photo

urlpatterns = [
    path("", asking.start, name="help"),
    path("ask/", asking.ask, name="ask"),
    path("sign/<slug:slug>/", asking.sign, name="help_sign"),
    path("photos/<int:pk>/", help_photo.photo, name="order_photo"),
    path("<int:pk>/", help_order.order, name="order"),
    path("<int:pk>/rate/", help_order.rate, name="order_rate"),
    path("<int:pk>/reopen/", help_order.reopen, name="order_reopen"),
    path("<int:pk>/cancel/", help_order.cancel, name="order_cancel"),
]
