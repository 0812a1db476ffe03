"""Addresses of applications for a home: those in public notice, and the desk's."""

from django.urls import path

from homes.views import application_desk, application_public, application_steps, application_writing

app_name = "applications"

urlpatterns = [
    path("applications/", application_public.notices, name="notices"),
    path("applications/<slug:number>/", application_public.notice, name="notice"),
    path("desk/applications/", application_desk.applications, name="desk"),
    path("desk/applications/new/", application_writing.new, name="new"),
    path("desk/applications/documents/<int:pk>/", application_writing.document, name="document"),
    path("desk/applications/<int:pk>/", application_desk.application, name="desk_application"),
    path("desk/applications/<int:pk>/edit/", application_writing.edit, name="edit"),
    path("desk/applications/<int:pk>/submit/", application_writing.submit, name="submit"),
    path("desk/applications/<int:pk>/withdraw/", application_writing.withdraw, name="withdraw"),
    path("desk/applications/<int:pk>/documents/add/", application_writing.document_add, name="document_add"),
    path(
        "desk/applications/<int:pk>/documents/<int:document_pk>/exchange/",
        application_writing.document_exchange,
        name="document_exchange",
    ),
    path(
        "desk/applications/<int:pk>/documents/<int:document_pk>/drop/",
        application_writing.document_drop,
        name="document_drop",
    ),
    path("desk/applications/<int:pk>/return/", application_steps.return_, name="return"),
    path("desk/applications/<int:pk>/street-pass/", application_steps.street_pass, name="street_pass"),
    path("desk/applications/<int:pk>/start-notice/", application_steps.start_notice, name="start_notice"),
    path("desk/applications/<int:pk>/approve/", application_steps.approve, name="approve"),
    path("desk/applications/<int:pk>/reject/", application_steps.reject, name="reject"),
    path("desk/applications/<int:pk>/correct/", application_steps.correct, name="correct"),
]
