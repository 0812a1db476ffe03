"""Addresses below /desk/ for putting things on."""

from django.urls import path

from activities.views import desk_courses, desk_list, desk_notices, desk_post, desk_steps

urlpatterns = [
    path("activities/", desk_list.activities, name="desk"),
    path("activities/new/", desk_post.new, name="desk_new"),
    path("activities/courses/new/", desk_courses.new, name="desk_new_course"),
    path("activities/courses/<int:pk>/", desk_courses.course, name="desk_course"),
    path("activities/courses/<int:pk>/publish/", desk_courses.publish, name="desk_publish_course"),
    path("activities/<int:pk>/", desk_list.activity, name="desk_activity"),
    path("activities/<int:pk>/preview/", desk_list.preview, name="desk_preview"),
    path("activities/<int:pk>/edit/", desk_post.edit, name="desk_edit"),
    path("activities/<int:pk>/correct/", desk_post.correct, name="desk_correct"),
    path("activities/<int:pk>/copy/", desk_post.copy, name="desk_copy"),
    path("activities/<int:pk>/repeat/", desk_courses.repeat, name="desk_repeat"),
    path("activities/<int:pk>/publish/", desk_steps.publish, name="desk_publish"),
    path("activities/<int:pk>/hold/", desk_steps.hold, name="desk_hold"),
    path("activities/<int:pk>/submit/", desk_steps.submit, name="desk_submit"),
    path("activities/<int:pk>/send-back/", desk_steps.send_back, name="desk_send_back"),
    path("activities/<int:pk>/reschedule/", desk_steps.reschedule, name="desk_reschedule"),
    path("activities/<int:pk>/cancel/", desk_steps.cancel, name="desk_cancel"),
    path("activities/<int:pk>/finish/", desk_steps.finish, name="desk_finish"),
    path("activities/<int:pk>/seats/", desk_steps.seats, name="desk_seats"),
    path("activities/<int:pk>/unpublish/", desk_steps.unpublish, name="desk_unpublish"),
    path("notices/", desk_notices.listing, name="desk_notices"),
    path("notices/new/", desk_notices.new, name="desk_new_notice"),
    path("notices/<int:pk>/", desk_notices.notice, name="desk_notice"),
    path("notices/<int:pk>/edit/", desk_notices.edit, name="desk_notice_edit"),
    path("notices/<int:pk>/publish/", desk_notices.publish, name="desk_notice_publish"),
    path("notices/<int:pk>/withdraw/", desk_notices.withdraw, name="desk_notice_withdraw"),
    path("notices/<int:pk>/pin/", desk_notices.pin, name="desk_notice_pin"),
    path("notices/<int:pk>/unpin/", desk_notices.unpin, name="desk_notice_unpin"),
    path("notices/<int:pk>/attach/", desk_notices.attach, name="desk_notice_attach"),
    path("notices/<int:pk>/files/<int:file_pk>/remove/", desk_notices.detach, name="desk_notice_detach"),
]
