"""Addresses below /desk/: the door, paper, calls, the recap, and what is brought home."""

from django.urls import path

from activities.views import calls, check_in, deliveries, door, paper, recap

urlpatterns = [
    path("activities/<int:pk>/people/", door.people, name="people"),
    path("activities/<int:pk>/people/walk-in/", door.walk_in, name="walk_in"),
    path("activities/<int:pk>/people/sign-up/", door.sign_up, name="sign_up_caller"),
    path("activities/<int:pk>/people/<int:sign_up_pk>/leave/", door.leave, name="leave_for"),
    path("activities/<int:pk>/people/<int:sign_up_pk>/offer/", door.offer, name="offer"),
    path("activities/<int:pk>/people/<int:sign_up_pk>/strike-out/", door.strike_out, name="strike_out"),
    path("activities/<int:pk>/paper/", paper.paper, name="paper"),
    path("activities/<int:pk>/paper/full/", paper.paper_full, name="paper_full"),
    path("activities/<int:pk>/check-in/", check_in.check_in, name="check_in"),
    path("activities/<int:pk>/recap/", recap.recap, name="recap"),
    path("activities/<int:pk>/recap/<int:photo_pk>/put-away/", recap.put_away, name="put_away"),
    path("activities/<int:pk>/deliver/", deliveries.deliver, name="deliver"),
    path("check-in/<str:token>/", check_in.scan, name="scan"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<int:pk>/", calls.calls_of, name="calls_of"),
    path("calls/<int:pk>/open/", calls.calls_open, name="calls_open"),
    path("calls/<int:pk>/paper/", calls.calls_paper, name="calls_paper"),
    path("deliveries/", deliveries.due, name="deliveries"),
    path("deliveries/<int:pk>/visit/", deliveries.delivered, name="delivered"),
]
