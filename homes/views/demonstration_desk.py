"""/desk/demonstrations/: who is proposed, recognised, about to run out; the steps of one recognition."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.access import Action, allowed
from branches.models import Event
from branches.steps import REASON_LEAST, corrects
from branches.transitions import IllegalTransition
from branches.views import desk_keeping
from branches.views.desk import SHOWN, Section, add_section, desk_page, way_in
from branches.views.desk_posting import attempt, form_page, kept_page, may, open_form, own
from homes import demonstrating
from homes.demonstration_forms import AmendForm, GrantForm, NominateForm, ReasonForm, RecordForm, RevokeForm
from homes.models import Demonstration

Status = Demonstration.Status
add_section(Section("示范阵地", "demonstrations:desk", Demonstration, "提名、授予、到期、撤销。"))
EVENTS = {
    "nominate": "提名", "grant": "授予", "decline": "没有授予", "revoke": "撤销", "record": "补录", "amend": "改日期",
    "correct": "更正，退回上一步", "enter": "录入",
}  # fmt: skip
PARTS = {
    "all": ("全部", "最近的在前。"),
    "nominated": ("等着定的", "提名了，等区里定。"),
    "ending": ("快到期的", "六十天以内到期。办得好的，再提名一次。"),
    "current": ("现在有效的", "居民在家的页面上看得到。"),
}


def part_of(rows, part):
    """The rows of one part of the list."""
    match part:
        case "nominated":
            return rows.nominated()
        case "ending":
            return rows.ending()
        case "current":
            return rows.current()
    return rows


def crumbs(request, found=None):
    """The way to a page of the desk: [(label, url)], through the page of one recognition where it is about one."""
    way = [*way_in(request.user), ("示范阵地", reverse("demonstrations:desk"))]
    if found is not None:
        way.append((str(found), reverse("demonstrations:demonstration", args=[found.pk])))
    return way


@desk_page(Action.VIEW, Demonstration, methods=("GET", "HEAD"))
def demonstrations(request):
    part = request.GET.get("part") if request.GET.get("part") in PARTS else "all"
    rows = part_of(Demonstration.objects.visible_to(request.user), part)
    rows = rows.select_related("home__division__parent").order_by("-nominated_on", "-granted_on", "-pk")
    context = {
        "page": Paginator(rows, SHOWN).get_page(request.GET.get("page")),
        "part": part,
        "heading": PARTS[part][0],
        "what": PARTS[part][1],
        "parts": [(key, label) for key, (label, _what) in PARTS.items()],
        "may_nominate": allowed(request.user, Action.ADD, Demonstration),
        "may_record": allowed(request.user, Action.CHANGE, Demonstration),
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "desk/demonstrations/list.html", context)


def own_demonstration(request, pk, action=Action.CHANGE):
    rows = Demonstration.objects.select_related("home__division__parent", "nominated_by")
    return own(request, Demonstration, pk, action, rows)


def steps_of(found, user):
    """[(words, name of the address, kind of button)] that this user may take now, the main one first."""
    steps = []
    match found.status:
        case Status.NOMINATED:
            steps = [] if found.nominated_by_id == user.pk else [("授予", "grant", "")]
            steps.append(("不授予", "decline", "act"))
        case Status.GRANTED:
            steps = [("撤销", "revoke", "act")]
    if corrects(user):
        if found.status in (Status.GRANTED, Status.EXPIRED):
            steps.append(("改日期", "amend", "quiet"))
        if found.status == Status.REVOKED or (found.status != Status.NOMINATED and found.nominated_on):
            steps.append(("更正，退回上一步", "correct", "quiet"))
    return steps


@desk_page(Action.VIEW, Demonstration, methods=("GET", "HEAD"))
def demonstration(request, pk):
    found = own_demonstration(request, pk, Action.VIEW)
    steps = steps_of(found, request.user) if may(request, found) else []
    events = Event.objects.filter(subject=found._meta.label_lower, subject_pk=pk)
    context = {
        "found": found,
        "steps": [(words, reverse(f"demonstrations:{name}", args=[pk]), kind) for words, name, kind in steps],
        "own": steps and found.status == Status.NOMINATED and found.nominated_by_id == request.user.pk,
        "events": [(each, EVENTS.get(each.event, each.event)) for each in events],
        "crumbs": crumbs(request),
    }
    return render(request, "desk/demonstrations/demonstration.html", context)


def _new(request, make, verb, *, title, button, done, lead):
    """A page that begins a recognition: the form's home, and what else the verb is told."""
    form, refilled = open_form(request, make, user=request.user)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            found = verb(told.pop("home"), by=request.user, **told)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            desk_keeping.forget(request)
            messages.success(request, done)
            return redirect("demonstrations:demonstration", pk=found.pk)
    back, way = reverse("demonstrations:desk"), crumbs(request)
    return form_page(request, form, title, button, back=back, way=way, lead=lead, refilled=refilled)


@kept_page(Action.ADD, Demonstration)
def nominate(request):
    return _new(
        request, NominateForm, demonstrating.nominate, title="提名示范阵地", button="提名",
        done="提名了，等区里定。", lead="开放的家才能提名。提名的人不能自己授予。",
    )  # fmt: skip


@kept_page(Action.CHANGE, Demonstration)
def record(request):
    return _new(
        request, RecordForm, demonstrating.record, title="补录以前授予的", button="补录", done="补录好了。",
        lead="以前授予的、这里没有提名过的，照文件补上。",
    )  # fmt: skip


def _step(request, pk, make, verb, *, title, button, done, given, **context):
    """A step of one recognition: `given` are the fields of the form that the verb is told."""
    found = own_demonstration(request, pk)
    form, refilled = open_form(request, make, record=found)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in given}
        if attempt(request, form, verb, found, **told) is not None:
            messages.success(request, done)
            return redirect("demonstrations:demonstration", pk=pk)
    back, way = reverse("demonstrations:demonstration", args=[pk]), crumbs(request, found)
    return form_page(request, form, title, button, back=back, way=way, refilled=refilled, **context)


@kept_page(Action.CHANGE, Demonstration)
def grant(request, pk):
    return _step(
        request, pk, GrantForm, demonstrating.grant, given=("on", "valid_until"), title="授予示范阵地", button="授予",
        done="授予了，居民在家的页面上看得到。", lead="提名的人不能自己授予。过了有效期，自己就到期了。",
    )  # fmt: skip


@kept_page(Action.CHANGE, Demonstration)
def decline(request, pk):
    return _step(
        request, pk, ReasonForm, demonstrating.decline, given=("reason",), title="不授予", button="不授予", kind="act",
        done="记下来了。",
    )  # fmt: skip


@kept_page(Action.CHANGE, Demonstration)
def revoke(request, pk):
    return _step(
        request, pk, RevokeForm, demonstrating.revoke, given=("reason", "on"), title="撤销示范阵地", button="撤销",
        kind="act", done="撤销了，居民的页面上不再写示范阵地。", lead="授予过的记录不会消失。",
    )  # fmt: skip


@kept_page(Action.CHANGE, Demonstration)
def amend(request, pk):
    return _step(
        request, pk, AmendForm, demonstrating.amend, given=("on", "valid_until", "reason"), title="改日期",
        button="改好了", done="改好了。", lead="日子写错了才改。",
    )  # fmt: skip


@kept_page(Action.CHANGE, Demonstration)
def correct(request, pk):
    return _step(
        request, pk, ReasonForm, demonstrating.correct, given=("reason",), title="更正，退回上一步",
        button="退回上一步", kind="act", done="更正了，退回到上一步。",
        lead=f"点错了才用，原因至少{REASON_LEAST}个字。",
    )  # fmt: skip
