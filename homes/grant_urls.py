"""Addresses of the district's money, all of them at the desk."""

from django.urls import path

from homes.views import grant_desk, grant_steps

app_name = "grants"

urlpatterns = [
    path("desk/grants/", grant_desk.grants, name="desk"),
    path("desk/grants/paper/", grant_desk.paper, name="paper"),
    path("desk/grants/export/", grant_desk.export, name="export"),
    path("desk/grants/new/", grant_steps.plan, name="plan"),
    path("desk/grants/<int:pk>/", grant_desk.grant, name="grant"),
    path("desk/grants/<int:pk>/approve/", grant_steps.approve, name="approve"),
    path("desk/grants/<int:pk>/pay/", grant_steps.pay, name="pay"),
    path("desk/grants/<int:pk>/instalments/<int:instalment_pk>/reverse/", grant_steps.reverse, name="reverse"),
    path("desk/grants/<int:pk>/settle/", grant_steps.settle, name="settle"),
    path("desk/grants/<int:pk>/cancel/", grant_steps.cancel, name="cancel"),
    path("desk/grants/<int:pk>/correct/", grant_steps.correct, name="correct"),
]
