"""Addresses of demonstration sites at the desk; residents see them on the pages of the homes."""

from django.urls import path

from homes.views import demonstration_desk as desk

app_name = "demonstrations"

urlpatterns = [
    path("desk/demonstrations/", desk.demonstrations, name="desk"),
    path("desk/demonstrations/nominate/", desk.nominate, name="nominate"),
    path("desk/demonstrations/record/", desk.record, name="record"),
    path("desk/demonstrations/<int:pk>/", desk.demonstration, name="demonstration"),
    path("desk/demonstrations/<int:pk>/grant/", desk.grant, name="grant"),
    path("desk/demonstrations/<int:pk>/decline/", desk.decline, name="decline"),
    path("desk/demonstrations/<int:pk>/revoke/", desk.revoke, name="revoke"),
    path("desk/demonstrations/<int:pk>/amend/", desk.amend, name="amend"),
    path("desk/demonstrations/<int:pk>/correct/", desk.correct, name="correct"),
]
