"""Addresses of community projects: the public ones, and the desk's."""

from django.urls import path
from django.views.decorators.http import require_safe

from config.caching import public_page
from homes.feeds import ProjectsFeed
from homes.views import project_desk, project_desk_ledger, project_desk_steps, project_desk_telling, projects

app_name = "projects"

urlpatterns = [
    path("projects/", projects.projects, name="list"),
    path("feeds/projects/", public_page(require_safe(ProjectsFeed())), name="feed"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("projects/<slug:slug>/sheet/", projects.sheet, name="sheet"),
    path("desk/projects/", project_desk.projects, name="desk"),
    path("desk/projects/propose/", project_desk.propose, name="propose"),
    path("desk/projects/<int:pk>/", project_desk.project, name="desk_project"),
    path("desk/projects/<int:pk>/scan/", project_desk.scan, name="scan"),
    path("desk/projects/<int:pk>/edit/", project_desk_steps.edit, name="edit"),
    path("desk/projects/<int:pk>/consult/", project_desk_steps.open_consult, name="open_consult"),
    path("desk/projects/<int:pk>/result/", project_desk_steps.record_result, name="record_result"),
    path("desk/projects/<int:pk>/fund/", project_desk_steps.open_funding, name="open_funding"),
    path("desk/projects/<int:pk>/start/", project_desk_steps.start, name="start"),
    path("desk/projects/<int:pk>/accept/", project_desk_steps.accept, name="accept"),
    path("desk/projects/<int:pk>/pause/", project_desk_steps.pause, name="pause"),
    path("desk/projects/<int:pk>/resume/", project_desk_steps.resume, name="resume"),
    path("desk/projects/<int:pk>/ask-cancel/", project_desk_steps.ask_cancel, name="ask_cancel"),
    path("desk/projects/<int:pk>/keep/", project_desk_steps.keep, name="keep"),
    path("desk/projects/<int:pk>/cancel/", project_desk_steps.cancel, name="cancel"),
    path("desk/projects/<int:pk>/correct/", project_desk_steps.correct, name="correct"),
    path("desk/projects/<int:pk>/plan/", project_desk_telling.plan_step, name="plan_step"),
    path("desk/projects/steps/<int:pk>/done/", project_desk_telling.finish_step, name="finish_step"),
    path("desk/projects/steps/<int:pk>/waive/", project_desk_telling.waive_step, name="waive_step"),
    path("desk/projects/<int:pk>/tell/", project_desk_telling.tell, name="tell"),
    path("desk/projects/news/<int:pk>/", project_desk_telling.revise, name="revise"),
    path("desk/projects/<int:pk>/photo/", project_desk_telling.show_photo, name="show_photo"),
    path("desk/projects/photos/<int:pk>/away/", project_desk_telling.put_photo_away, name="put_photo_away"),
    path("desk/projects/<int:pk>/budget/", project_desk_ledger.budget, name="budget"),
    path("desk/projects/budget/<int:pk>/strike-out/", project_desk_ledger.strike_out, name="strike_out"),
    path("desk/projects/<int:pk>/commit/", project_desk_ledger.commit, name="commit"),
    path("desk/projects/<int:pk>/ledger/", project_desk_ledger.ledger, name="ledger"),
    path("desk/projects/<int:pk>/ledger/excel/", project_desk_ledger.excel, name="excel"),
    path("desk/projects/<int:pk>/receive/", project_desk_ledger.receive, name="receive"),
    path("desk/projects/<int:pk>/pay/", project_desk_ledger.pay, name="pay"),
    path("desk/projects/lines/<int:pk>/reverse/", project_desk_ledger.reverse_line, name="reverse"),
]
