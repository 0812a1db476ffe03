"""Addresses of the branches' public pages, and of the desk."""

from django.urls import include, path

from branches.views import care, desk, members, memberships, pages, position, reports

desk_patterns = [
    path("", desk.today, name="today"),
    path("members/", members.members, name="members"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/full/", members.full, name="full"),
    path("members/<int:pk>/year/", members.year, name="year"),
    path("members/<int:pk>/visit/", care.visit_member, name="visit_member"),
    path("members/<int:pk>/pair/", care.pair, name="pair"),
    path("pairs/<int:pk>/visit/", care.visit_pair, name="visit_pair"),
    path("pairs/<int:pk>/rhythm/", care.rhythm, name="rhythm"),
    path("pairs/<int:pk>/end/", care.end_pair, name="end_pair"),
    path("pairs/<int:pk>/slip/", care.slip, name="slip"),
    path("slips/", care.slips, name="slips"),
    path("position/", position.position, name="position"),
    path("report/", reports.report, name="report"),
    path("memberships/", memberships.waiting, name="waiting"),
    path("memberships/<int:pk>/confirm/", memberships.confirm, name="confirm"),
    path("memberships/<int:pk>/reject/", memberships.reject, name="reject"),
    path("memberships/<int:pk>/transfer/", memberships.transfer, name="transfer"),
    path("memberships/<int:pk>/place/", memberships.place, name="place"),
    path("memberships/<int:pk>/end/", memberships.end, name="end"),
]

urlpatterns = [
    path("desk/", include((desk_patterns, "desk"))),
    path("branches/", pages.branches, name="branches"),
    path("branches/<slug:slug>/", pages.branch, name="branch"),
]
