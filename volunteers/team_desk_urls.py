"""Addresses below /desk/teams/: teams, their people, their rota."""

from django.urls import path

from volunteers.views import team_desk, team_desk_people, team_desk_rota

urlpatterns = [
    path("", team_desk.teams, name="desk_teams"),
    path("shifts/", team_desk_rota.short, name="desk_short_shifts"),
    path("<int:pk>/", team_desk.team, name="desk_team"),
    path("<int:pk>/enter/", team_desk.enter, name="desk_enter"),
    path("<int:pk>/captain/", team_desk.captain, name="desk_captain"),
    path("<int:pk>/archive/", team_desk.archive, name="desk_archive_team"),
    path("<int:pk>/duties/new/", team_desk_rota.new_duty, name="desk_new_duty"),
    path("<int:pk>/week/", team_desk_rota.week, name="desk_week"),
    path("<int:pk>/week/paper/", team_desk_rota.week_paper, name="desk_week_paper"),
    path("people/<int:pk>/take-in/", team_desk.take_in, name="desk_take_in"),
    path("people/<int:pk>/decline/", team_desk.decline, name="desk_decline_ask"),
    path("people/<int:pk>/let-go/", team_desk.let_go, name="desk_let_go"),
    path("people/<int:pk>/full/", team_desk_people.full, name="desk_volunteer_full"),
    path("people/<int:pk>/code/", team_desk_people.code, name="desk_code"),
    path("people/<int:pk>/hours/", team_desk_people.hours, name="desk_hours"),
    path("duties/<int:pk>/edit/", team_desk_rota.edit_duty, name="desk_edit_duty"),
    path("duties/<int:pk>/end/", team_desk_rota.end_duty, name="desk_end_duty"),
    path("shifts/<int:pk>/", team_desk_rota.shift, name="desk_shift"),
    path("shifts/<int:pk>/stand-in/", team_desk_rota.stand_in, name="desk_stand_in"),
    path("shifts/<int:pk>/cancel/", team_desk_rota.cancel, name="desk_cancel_shift"),
    path("shifts/<int:pk>/take-out/<int:place_pk>/", team_desk_rota.take_out, name="desk_take_out"),
]
