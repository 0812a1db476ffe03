"""/desk/applications/: what waits for whoever is logged in, what is under way, and one application with its steps."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from branches.access import Action, allowed
from branches.models import Event
from branches.steps import corrects, standing_steps
from branches.views.desk import SHOWN, Section, add_section, way_in
from branches.views.desk_posting import kept_page
from branches.views.desk_posting import own as own_row
from branches.waiting import part_named
from homes import application_worklist as worklist
from homes import applying, reviewing
from homes.application_forms import PARTS, name_of
from homes.models import ApplicationDocument, Coverage, HomeApplication, Inspection

Status = HomeApplication.Status
add_section(Section("建“家”申报", "applications:desk", HomeApplication, "申报一个家，初审，公示，批准。"))
EVENTS = {
    "begin": "开始填写", "write": "改了内容", "attach": "加了材料", "detach": "拿掉一份材料", "submit": "交了上来",
    "return": "退回补正", "visit": "去现场看过", "street_pass": "街道初审通过", "start_notice": "开始公示",
    "approve": "批准", "reject": "不予通过", "withdraw": "撤回", "correct": "更正，退回上一步", "enter": "录入",
}  # fmt: skip


def application_page(action=Action.CHANGE, model=HomeApplication, **kwargs):
    return kept_page(action, model, **kwargs)


def crumbs(request, found=None):
    """The way to a page of the desk: [(label, url)], through the application's page where it is about one."""
    way = [*way_in(request.user), ("建“家”申报", reverse("applications:desk"))]
    if found is not None:
        way.append((found.name, address(found)))
    return way


def address(found, name="desk_application"):
    """The page of an application, or that of one of its steps."""
    return reverse("inspections:of_application" if name == "visit" else f"applications:{name}", args=[found.pk])


def own_application(request, pk, action=Action.CHANGE):
    rows = HomeApplication.objects.select_related("division__parent__parent", "branch", "applicant", "home")
    return own_row(request, HomeApplication, pk, action, rows)


def listed(rows, today):
    """The rows, each with its turn."""
    told = []
    for row in rows:
        row.turn = worklist.turn(row, reviewing.level_name(row), today) if row.status not in worklist.OVER else None
        told.append(row)
    return told


def to_do(parts, today):
    """[(heading, what to do, its applications, whether there are more)]; empty ones left out."""
    found = ((part, listed(part.rows.select_related("division")[: SHOWN + 1], today)) for part in parts)
    return [(part.heading, part.what, rows[:SHOWN], len(rows) > SHOWN) for part, rows in found if rows]


@application_page(Action.VIEW, methods=("GET", "HEAD"))
def applications(request):
    """What waits for me, or one part of it; everything under way in my area; what is at an end."""
    user, today, show = request.user, timezone.localdate(), request.GET.get("show")
    parts = worklist.application_parts(user, today)
    part = part_named(parts, request.GET.get("part"))
    lists = {"live": worklist.under_way, "over": worklist.over}
    context = {
        "crumbs": crumbs(request)[:-1],
        "may_apply": worklist.applies(user),
        "may_site": allowed(user, Action.VIEW, Coverage),
        "part": part,
    }
    if part or show in lists:
        rows = part.rows if part else lists[show](user)
        page = Paginator(rows.select_related("division"), SHOWN).get_page(request.GET.get("page"))
        context |= {"page": page, "show": "" if part else show, "rows": listed(page.object_list, today)}
    else:
        context["to_do"] = to_do(parts, today)
    return render(request, "desk/applications/list.html", context)


# [(name of the address, words, kind of button)] for whoever's turn it is
AT_DISTRICT = (
    ("start_notice", "公示", ""), ("visit", "去现场看", "quiet"), ("return", "退回补正", "quiet"),
    ("reject", "不予通过", "act"),
)  # fmt: skip
REVIEW = {
    Status.SUBMITTED: AT_DISTRICT,
    Status.STREET_OK: AT_DISTRICT,
    Status.RETURNED: (("reject", "不再等了，不予通过", "act"),),
    Status.PUBLIC_NOTICE: (("approve", "批准", ""), ("reject", "不予通过", "act")),
}  # fmt: skip
AT_STREET = (
    ("visit", "去现场看", ""), ("street_pass", "初审通过", ""), ("return", "退回补正", "quiet"),
    ("reject", "不予通过", "act"),
)  # fmt: skip


def steps_of(application, user, today, *, seen, objections):
    """[(words, name of the address, kind of button)] that this user may press now, the main one first."""
    steps = []
    if reviewing.may_write(user, application):
        if application.status in reviewing.EDITABLE:
            steps = [("交上去", "submit", ""), ("改一改", "edit", "quiet"), ("加材料", "document_add", "quiet")]
        if application.status in (Status.DRAFT, *HomeApplication.LIVE):
            steps.append(("撤回", "withdraw", "act"))
    if reviewing.may_act(user, application):
        at_street = application.status == Status.SUBMITTED and settings.STREETS_REVIEW
        offered = AT_STREET if at_street else REVIEW[application.status]
        hidden = set() if seen else {"street_pass"}
        if application.status == Status.PUBLIC_NOTICE and (today <= application.notice_until or objections):
            hidden.add("approve")
        steps += [
            (words, name, "quiet" if name == "visit" and seen else kind)
            for name, words, kind in offered if name not in hidden
        ]  # fmt: skip
    if application.status in applying.CORRECTABLE and corrects(user) and len(standing_steps(application)) > 1:
        steps.append(("更正，退回上一步", "correct", "quiet"))
    return steps


def facts_of(application):
    """[(heading, [(field, what it is called, what was written, what has to be put right)])]"""
    shown = {"area": "平方米", "team_size": "人", "asked": "元"}
    parts = []
    for heading, names in PARTS:
        rows = []
        for name in names:
            display = getattr(application, f"get_{name}_display", None)
            value = display() if display else getattr(application, name)
            value = f"{value}{shown[name]}" if name in shown and value is not None else value
            rows.append((name, name_of(name).split("（")[0], value, application.returned_fields.get(name, "")))
        parts.append((heading, rows))
    return parts


def documents_of(application):
    """[(condition, its documents, whether one is needed)]"""
    rows = list(application.documents.filter(is_archived=False))
    return [
        (label, [row for row in rows if row.condition == value], value in ApplicationDocument.REQUIRED)
        for value, label in ApplicationDocument.Condition.choices
    ]


def told_by(event):
    """[(what, words)] that a return says field by field."""
    return [(name_of(name), words) for name, words in event.data.get("fields", {}).items()]


@application_page(Action.VIEW, methods=("GET", "HEAD"))
def application(request, pk):
    """All of one application: what was written, documents, visits, its history, and the steps one may take now."""
    found, user, today = own_application(request, pk, Action.VIEW), request.user, timezone.localdate()
    inspections = list(found.inspections.with_score().select_related("by"))
    objections = applying.objections(found)
    may_review = reviewing.may_act(user, found)
    steps = steps_of(found, user, today, seen=bool(inspections), objections=objections)
    events = Event.objects.filter(subject=worklist.LABEL, subject_pk=pk)
    may_write = reviewing.may_write(user, found) and found.status in reviewing.EDITABLE
    context = {
        "application": found,
        "turn": worklist.turn(found, reviewing.level_name(found), today) if found.status not in worklist.OVER else None,
        "today": today,
        "steps": [(words, address(found, name), kind) for words, name, kind in steps],
        "missing": applying.missing(found) if may_write else [],
        "may_write": may_write,
        "parts": facts_of(found),
        "documents": documents_of(found),
        "put_right": [(name_of(name), words) for name, words in found.returned_fields.items()],
        "put_aside": found.documents.filter(is_archived=True).count(),
        "inspections": inspections,
        "waits_for_visit": may_review and found.status == Status.SUBMITTED and not inspections,
        "objections": objections,
        "notice_runs": found.status == Status.PUBLIC_NOTICE and today <= found.notice_until,
        "letters": [(label, url) for more in applying.ON_PAGE for label, url in more(found, user)],
        "events": [(event, EVENTS.get(event.event, event.event), told_by(event)) for event in events],
        "sees_inspections": allowed(user, Action.VIEW, Inspection),
        "crumbs": crumbs(request),
    }
    return render(request, "desk/applications/application.html", context)
