"""Posting: a new activity with what is usual filled in, last time's once more, and changing one."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from activities import outbox, publishing
from activities.desk_forms import ActivityForm, CopyForm, CorrectForm
from activities.models import Activity, ActivityKind
from activities.planning import moment, next_free_day
from activities.views.desk_pages import Action, attempt, crumbs, form_page, open_form, own, posting_page
from branches.models import Branch
from branches.views import desk_keeping
from homes.models import Home

USUAL_START = time(9, 30)
RECENT, LOOKED_BACK = 5, 60  # activities offered for once more, out of the latest so many


@posting_page(Action.ADD)
def new(request):
    """First what it is to be, then the form with what is usual for that; or last time's once more."""
    kind = ActivityKind.objects.in_use().filter(slug=request.GET.get("kind", "")[:40].replace("\0", "")).first()
    if request.method != "POST" and kind is None and desk_keeping.take_back(request) is None:
        context = {
            "kinds": ActivityKind.objects.in_use(),
            "recent": last_times(request.user),
            "crumbs": crumbs(request),
        }
        return render(request, "desk/activities/kinds.html", context)
    initial = {} if request.method == "POST" else usual(request.user, kind)
    form, refilled = open_form(request, ActivityForm, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = attempt(request, form, publishing.draft, form.write_on(Activity()))
        if kept is not None:
            messages.success(request, "存好了，现在是草稿。看一看对不对，再点“发布”。")
            return redirect("activities:desk_activity", pk=kept.pk)
    form.lay_out()
    title = f"发一个活动：{kind}" if kind else "发一个活动"
    return form_page(
        request, form, title, "先存成草稿", back="/desk/activities/", way=crumbs(request), refilled=refilled
    )


def last_times(user):
    """What this user may put on once more: the last time of each that has begun, the latest first."""
    rows = Activity.objects.visible_to(user, Action.CHANGE).filter(status__in=Activity.PUBLIC)
    rows = rows.filter(starts_at__lte=timezone.now()).select_related("home", "branch")
    found = {}
    for row in rows.order_by("-starts_at", "-pk")[:LOOKED_BACK]:
        found.setdefault((row.title, row.home_id, row.branch_id), row)
    return list(found.values())[:RECENT]


def usual(user, kind):
    """What the form starts with: the own home or branch, the next free day, the usual time, length and seats."""
    homes = Home.objects.exclude(status=Home.Status.CLOSED).where_granted(user, Action.ADD, Activity)
    branches = list(Branch.objects.active().where_granted(user, Action.ADD, Activity)[:2])
    branch = branches[0] if len(branches) == 1 else None
    last = Activity.objects.filter(created_by=user, home__isnull=False).order_by("-created_at").first()
    own_homes = list(homes[:2])
    home = own_homes[0] if len(own_homes) == 1 else None
    if home is None and branch is not None:
        home = branch.homes.exclude(status=Home.Status.CLOSED).first()
    if home is None and last is not None and homes.filter(pk=last.home_id).exists():
        home = last.home
    before = home.activities.order_by("-starts_at") if home else Activity.objects.none()
    same = (before.filter(kind=kind) if kind else before).first()
    begins = timezone.localtime(same.starts_at).time() if same else USUAL_START
    minutes = kind.usual_minutes if kind else 90
    day = next_free_day(home, begins, minutes)
    ends = timezone.localtime(moment(day, begins) + timedelta(minutes=minutes)).time()
    return {
        "kind": kind and kind.pk,
        "title": kind and kind.name,
        "home": home and home.pk,
        "branch": branch.pk if branch and not own_homes else None,
        "day": day,
        "begins": begins,
        "ends": ends if ends > begins else None,
        "capacity": kind.usual_capacity if kind else None,
    }


@posting_page()
def edit(request, pk):
    """Change a draft, or what waits for review."""
    found = own(request, Activity, pk, rows=Activity.objects.select_related("home", "branch"))
    if found.status == Activity.Status.PUBLISHED:
        return redirect("activities:desk_correct", pk=pk)
    if found.status not in (Activity.Status.DRAFT, Activity.Status.PENDING):
        messages.info(request, "已经结束或者取消了，不能再改。")
        return redirect("activities:desk_activity", pk=pk)
    back, title = f"/desk/activities/{pk}/", found.title  # as it is kept, whatever is typed
    form, refilled = open_form(request, ActivityForm, user=request.user, activity=found, initial=as_typed(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(request, form, publishing.draft, form.write_on(found), version=version) is not None:
            messages.success(request, "改好了，还是草稿。")
            return redirect("activities:desk_activity", pk=pk)
    form.lay_out()
    way = crumbs(request, (title, back))
    return form_page(request, form, "改活动", "存好", back=back, way=way, refilled=refilled)


def as_typed(activity):
    """What a form about this activity shows at first."""
    starts, ends = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    closes = activity.sign_up_until and timezone.localtime(activity.sign_up_until)
    names = ("title", "description", "bring", "telephone", "takes_sign_up", "capacity", "room_limit", "remind_hours")
    keys = ("kind", "home", "branch", "household", "room")
    shown = {name: getattr(activity, name) for name in (*names, "setting", "place")}
    shown |= {name: getattr(activity, f"{name}_id") for name in keys}
    shown |= {"day": starts.date(), "begins": starts.time(), "ends": ends.time()}
    return shown | ({"close_day": closes.date(), "close_time": closes.time()} if closes else {})


@posting_page()
def correct(request, pk):
    """Change what is told of a published activity, besides its time and place."""
    found = own(request, Activity, pk, rows=Activity.objects.select_related("home", "branch"))
    form, refilled = open_form(request, CorrectForm, activity=found, initial=as_typed(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(request, form, publishing.correct, found, version=version, **form.words()) is not None:
            messages.success(request, "改好了，居民看到的就是新的。")
            return redirect("activities:desk_activity", pk=pk)
    back = f"/desk/activities/{pk}/"
    lead = "这里改的不会通知报了名的人。改时间、地点请用“改时间或地点”，会一个个通知到。"
    way = crumbs(request, (found.title, back))
    return form_page(request, form, "改内容", "改好了", back=back, way=way, lead=lead, refilled=refilled)


@posting_page()
def copy(request, pk):
    """Last time's once more: only the day and the time are asked for."""
    found = own(request, Activity, pk, rows=Activity.objects.select_related("home", "branch"))
    form, refilled = open_form(request, CopyForm, activity=found, initial=once_more(found))
    if request.method == "POST" and form.is_valid():
        again = attempt(request, form, publishing.copy, found, starts_at=form.starts_at)
        if again is not None:
            messages.success(request, "照上一次的排好了，现在是草稿。看一看对不对，再点“发布”。")
            return redirect("activities:desk_activity", pk=again.pk)
    back = f"/desk/activities/{pk}/"
    lead = f"“{found.title}”上一次是{outbox.when(found)}。名称、地点、名额都照上一次的，报名的人不带过来。"
    way = crumbs(request, (found.title, back))
    return form_page(request, form, "照这次再办一次", "排好", back=back, way=way, lead=lead, refilled=refilled)


def once_more(activity):
    """The next free day of the same weekday and the same time."""
    starts = timezone.localtime(activity.starts_at)
    day = starts.date()
    today = timezone.localdate()
    while day <= today or day == starts.date():
        day += timedelta(days=7)
    minutes = (activity.ends_at - activity.starts_at) // timedelta(minutes=1)
    weeks = (day + timedelta(days=7 * number) for number in range(4))
    free = (each for each in weeks if next_free_day(activity.home, starts.time(), minutes, after=_eve(each)) == each)
    return {"day": next(free, day), "begins": starts.time()}


def _eve(day):
    return (datetime.combine(day, time()) - timedelta(days=1)).date()
