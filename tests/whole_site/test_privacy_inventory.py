"""docs/privacy.md names every personal field. A new field fails here until somebody has decided what it is."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "privacy.md").read_text()
OWN = ("branches", "homes", "volunteers", "activities")
HISTORY = {"history_id", "history_date", "history_change_reason", "history_type", "history_user"}

# What says nothing about a person: places, things, words, and the book-keeping of rows.
NOT_PERSONAL = {
    "activities.Activity": (
        "title kind course number home branch division setting place room starts_at ends_at description bring "
        "telephone takes_sign_up capacity over_by room_limit sign_up_until remind_hours status publish_at "
        "published_at note sequence version is_sample created_at updated_at"
    ),
    "activities.ActivityKind": "slug name sentence usual_minutes usual_capacity day_before_at order is_archived",
    "activities.AudioItem": (
        "slug title home theme division seconds file media_type transcript is_public is_sample created_at updated_at"
    ),
    "activities.Booking": "form_key is_sample created_at",
    "activities.Course": ("title slug kind home branch division lead description since until is_sample created_at"),
    "activities.HomeDelivery": "is_sample created_at",
    "activities.Message": "kind version words tries held_until created_at",
    "activities.Notice": (
        "title body source home branch division status publish_at expires_on pinned note version is_sample "
        "created_at updated_at"
    ),
    "activities.NoticeFile": "notice title file kind size created_at",
    "activities.Recap": "activity words others is_sample created_at",
    "activities.RecapPhoto": "recap large small width height alt is_archived created_at",
    "activities.SignUp": "is_sample created_at",
    "branches.CalendarDay": "day is_worked name",
    "branches.AuditEntry": "number at action subject digest",
    "branches.AuditHead": "number digest",
    "branches.Branch": "name slug division compounds telephone is_archived is_sample",
    "branches.Building": "name compound grid longitude latitude is_archived is_sample",
    "branches.CareClass": "slug name sentence visit_every_days order is_archived",
    "branches.CareVisit": "is_sample",
    "branches.CentreHousehold": "is_sample",
    "branches.Division": "code name level parent outline",
    "branches.Enterprise": "name handed_over_on compounds is_archived is_sample",
    "branches.Event": "subject subject_pk event before after at",
    "branches.ExportRequest": "rows division branch status expires_at",
    "branches.Grid": "name division is_archived is_sample",
    "branches.Member": "is_sample created_at updated_at",
    "branches.Pairing": "is_sample",
    "branches.PartyGroup": "name branch kind buildings is_archived is_sample",
    "branches.FigureNote": "key words written_on",
    "branches.FigureSnapshot": "key division taken_on value is_sample",
    "branches.PublishedFigure": "key label value unit at_least published_on source order",
    "branches.ResidentCompound": "name division longitude latitude is_archived is_sample",
    "homes.BudgetLine": "project name amount order",
    "homes.CommunityProject": (
        "home name slug lead scope plan story source cost_low cost_high consult_until households leading_members "
        "unit_count unit_name raised_at_least status resumes_as status_note version votes contractor short_of_budget "
        "received paid final_words final_cost accepted_on is_sample created_at updated_at"
    ),
    "homes.FundingSource": "project kind name committed",
    "homes.LedgerLine": "project source budget_line amount on words voucher reverses created_at",
    "homes.Milestone": "project name weight planned_on done_on waived order",
    "homes.ProjectPhoto": "project milestone large small width height alt taken_on is_archived is_sample",
    "homes.ProjectUpdate": "project on words revised_at created_at",
    "homes.Demonstration": "home nominated_on why declined_on granted_on valid_until revoked_on reason is_sample",
    "homes.Facility": "slug name order is_archived",
    "homes.Grant": (
        "home year purpose planned approved paid status version approved_on closed_on closed_words is_sample"
    ),
    "homes.Instalment": "grant amount paid_on voucher words reverses created_at",
    "homes.ObservationVisit": "home on guests secretaries others shown takeaways is_sample",
    "homes.HomeApplication": (
        "number name host division address address_key longitude latitude branch branch_words place_words area tenure "
        "team_words team_size plan_words asked status version submitted_on due_on days_left returned_at_street verdict "
        "returned_fields rejection notice_words notice_from notice_until ceiling decided_on home is_sample created_at "
        "updated_at"
    ),
    "homes.ApplicationDocument": "application condition title kind is_archived created_at",
    "homes.Coverage": (
        "network factor month counted_at division pace homes members members_inside members_certain members_possible "
        "members_unplaced buildings buildings_inside"
    ),
    "homes.SearchEntry": (  # of what is public, and only that
        "kind object_id order title address place note body names pinyin initials words sounds tokens starts_at "
        "over_at shown_until is_sample"
    ),
    "homes.ServiceCircle": ("network factor home longitude latitude reached outlines hectares streets computed_at"),
    "homes.StreetNetwork": ("file source checksum source_date licence nodes edges kilometres is_in_use imported_at"),
    "homes.Walk": "circle building compound home metres",
    "homes.Standard": "section name hint is_required order is_archived is_sample",
    "homes.Inspection": "application home on words is_sample created_at",
    "homes.InspectionItem": "inspection standard name section is_required result note",
    "homes.InspectionPhoto": "inspection picture width height alt",
    "homes.Home": (
        "name slug host division theme facilities status status_note lead story source address telephone directions "
        "longitude latitude location_precision step_free lift accessible_toilet handrails wheelchair_loan hearing_help "
        "verified_on branches is_sample created_at updated_at"
    ),
    "homes.HomeFacility": "home facility note",
    "homes.HostedBranch": "home branch",
    "homes.OpeningException": "home first_day last_day opens closes reason",
    "homes.OpeningHours": "home weekday opens closes",
    "homes.Photo": "home large small width height alt order is_archived is_sample created_at",
    "volunteers.Letter": (
        "status version office due_on answered_at asked_again_at publication text_changed_at redacted_at published_at "
        "form_key is_sample created_at"
    ),
    "volunteers.Assignment": "order is_sole expires_at offered_at answered_at ended_at",
    "volunteers.Message": "kind version words tries held_until created_at",
    "volunteers.Duty": ("team name place weekdays working_days begins ends needed since until is_archived is_sample"),
    "volunteers.Shift": "duty starts_at ends_at needed status note",
    "volunteers.Skill": "slug name order is_archived",
    "volunteers.Team": "name slug home kind lead story founded_on takes_people is_archived is_sample created_at",
    "volunteers.TeamKind": "slug name sentence order is_archived",
    "volunteers.Volunteer": "is_sample created_at",
    "volunteers.OpenCall": "order teams expires_at closed_at created_at",
    "volunteers.OrderCategory": (
        "slug name sentence skill usual_minutes accept_days done_days elsewhere order is_archived"
    ),
    "volunteers.OrderPhoto": "order width height created_at",
    "volunteers.ServiceOrder": (
        "category home division branch via needed visit_minutes status version attempts reopened accept_by done_by "
        "done_at ended_at form_key is_sample created_at"
    ),
    "volunteers.Office": "name telephone order is_archived is_sample",
    "homes.Theme": "slug name lead story mark hue enterprises order is_archived is_sample",
}
OTHERS_NOT_PERSONAL = {"auth.Group", "auth.Permission", "contenttypes.ContentType"}


def inventory():
    """{"app.Model.field": [purpose, who sees it, kept]} as the page lists them."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in rows if re.fullmatch(r"`\w+\.\w+\.\w+`", row[0])}


def own_models():
    models = [model for app in OWN if apps.is_installed(app) for model in apps.get_app_config(app).get_models()]
    return [model for model in models if not hasattr(model, "instance_type")]


def fields(model):
    """ "app.Model.field" of every field somebody gave the model, not the key that every row has."""
    named = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {f"{model._meta.label}.{field.name}" for field in named if not field.auto_created}


def test_every_field_is_either_in_the_inventory_or_known_to_be_of_no_person():
    told = set(inventory())
    of_nobody = {f"{label}.{name}" for label, names in NOT_PERSONAL.items() for name in names.split()}
    there = set().union(*(fields(model) for model in own_models()))
    assert len(there) > 150
    assert sorted(there - told - of_nobody) == []
    assert sorted((told | of_nobody) - there) == []  # what is gone from the models
    assert sorted(told & of_nobody) == []


def test_no_field_is_listed_twice():
    listed = re.findall(r"^\| `(\w+\.\w+\.\w+)` \|", PAGE, re.MULTILINE)
    assert len(listed) == len(set(listed)) > 60


@pytest.mark.parametrize("field", inventory())
def test_a_row_tells_purpose_readers_and_period(field):
    cells = inventory()[field]
    assert len(cells) == 3
    assert all(len(cell) > 2 for cell in cells)


def test_histories_hold_nothing_but_the_fields_and_who_changed_them():
    histories = [model for model in apps.get_models() if hasattr(model, "instance_type")]
    assert len(histories) > 15
    for history in histories:
        original = {field.name for field in history.instance_type._meta.concrete_fields}
        assert {field.name for field in history._meta.concrete_fields} - original == HISTORY, history
    for name in HISTORY - {"history_id"}:
        assert f"`{name}`" in PAGE


def test_tables_of_other_packages_are_named_too():
    others = {model._meta.label for model in apps.get_models() if model._meta.app_label not in OWN}
    assert sorted(label for label in others - OTHERS_NOT_PERSONAL if f"`{label}`" not in PAGE) == []


def test_periods_are_those_of_the_settings():
    told = re.findall(r"`(KEEP_\w+)` \((\d+)\)", PAGE)
    assert {name for name, _ in told} == {"KEEP_MEMBERS_YEARS", "KEEP_VISIT_NOTES_YEARS", "KEEP_LOGS_MONTHS"}
    assert [(name, value) for name, value in told if getattr(settings, name) != int(value)] == []


def test_sealed_fields_are_said_to_be_sealed():
    told = {name for name, cells in inventory().items() if "Sealed" in cells[1]}
    sealed = {
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if type(field).__name__ == "SealedTextField"
    }
    assert told == sealed


def test_inventory_and_assessment_are_dated():
    days = [date.fromisoformat(day) for day in re.findall(r"20\d\d-\d\d-\d\d", PAGE)]
    assert len(set(days)) >= 2
    assert "Impact assessment" in PAGE
    assert "Backups" in PAGE
