"""Addresses below /desk/orders/: help that is asked for, and who is sent."""

from django.urls import path

from volunteers.views import desk_order_asking, desk_order_calls, desk_order_new, desk_order_steps, desk_orders

urlpatterns = [
    path("", desk_orders.orders, name="desk_orders"),
    path("new/", desk_order_new.new, name="desk_new_order"),
    path("calls/", desk_order_calls.calls, name="desk_order_calls"),
    path("calls/open/", desk_order_calls.calls_open, name="desk_order_calls_open"),
    path("<int:pk>/", desk_orders.order, name="desk_order"),
    path("<int:pk>/open/", desk_orders.open_order, name="desk_open_order"),
    path("<int:pk>/route/", desk_order_steps.route, name="desk_route"),
    path("<int:pk>/reject/", desk_order_steps.reject, name="desk_reject"),
    path("<int:pk>/duplicate/", desk_order_steps.mark_duplicate, name="desk_duplicate"),
    path("<int:pk>/offer/", desk_order_asking.offer, name="desk_offer"),
    path("<int:pk>/call/", desk_order_asking.open_call, name="desk_call"),
    path("<int:pk>/take/", desk_order_asking.take, name="desk_take"),
    path("<int:pk>/recall-call/", desk_order_steps.recall_call, name="desk_recall_call"),
    path("<int:pk>/people/<int:assignment_pk>/answer/", desk_order_asking.answer, name="desk_answer"),
    path("<int:pk>/people/<int:assignment_pk>/recall/", desk_order_steps.recall, name="desk_recall"),
    path("<int:pk>/people/<int:assignment_pk>/fail/", desk_order_steps.fail, name="desk_fail"),
    path("<int:pk>/complete/", desk_order_steps.complete, name="desk_complete"),
    path("<int:pk>/rate/", desk_order_steps.rate, name="desk_rate"),
    path("<int:pk>/reopen/", desk_order_steps.reopen, name="desk_reopen"),
    path("<int:pk>/cancel/", desk_order_steps.cancel, name="desk_cancel"),
    path("<int:pk>/correct/", desk_order_steps.correct, name="desk_correct"),
]
