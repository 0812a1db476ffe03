"""Addresses below /volunteer/orders/: what one is asked to do."""

from django.urls import path

from volunteers.views import own_orders

urlpatterns = [
    path("<int:pk>/", own_orders.order, name="own_order"),
    path("<int:pk>/accept/", own_orders.accept, name="own_accept"),
    path("<int:pk>/decline/", own_orders.decline, name="own_decline"),
    path("<int:pk>/done/", own_orders.done, name="own_done"),
    path("<int:pk>/failed/", own_orders.failed, name="own_failed"),
]
