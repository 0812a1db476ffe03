"""Courses on the desk: lay one out over a term, look at the days first, publish all of it."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from activities import courses, planning
from activities.desk_forms import CourseForm, StepForm
from activities.models import Activity, Course
from activities.views.desk_pages import Action, attempt, crumbs, form_page, open_form, own, posting_page
from activities.views.desk_post import as_typed, usual

TERM_DAYS = 112  # sixteen weeks
TAKEN_OVER = ("title", "kind", "home", "branch", "place", "room", "description", "bring", "takes_sign_up", "capacity")


@posting_page(Action.ADD, Course)
def new(request):
    """The form, then the days it comes to, then the drafts of all meetings."""
    first = timezone.localdate() + timedelta(days=1)
    initial = {"first": first, "last": first + timedelta(days=TERM_DAYS)}
    if request.method != "POST":
        start = usual(request.user, None)
        initial |= {"home": start["home"], "branch": start["branch"], "begins": start["begins"]}
    return _lay_out(request, initial, "开一门课", "/desk/activities/")


@posting_page()
def repeat(request, pk):
    """An activity once a week over a term: a course of its like."""
    found = own(request, Activity, pk, rows=Activity.objects.select_related("home"))
    shown = as_typed(found)
    first = shown["day"]
    while first <= timezone.localdate():
        first += timedelta(days=7)
    initial = {name: shown[name] for name in TAKEN_OVER} | {"begins": shown["begins"], "ends": shown["ends"]}
    initial |= {"first": first, "last": first + timedelta(days=TERM_DAYS), "weekdays": [first.weekday()]}
    return _lay_out(request, initial, "每周一次，办一学期", f"/desk/activities/{pk}/")


def _lay_out(request, initial, title, back):
    form, refilled = open_form(request, CourseForm, user=request.user, initial=initial)
    context = {"refilled": refilled, "button": "看看排出来哪些日子"}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        days = planning.term(given["home"], given["first"], given["last"], given["weekdays"])
        plan = "\n".join(f"{day} {why}" for day, why in days)
        if "again" not in request.POST and request.POST.get("plan", "").split() == plan.split():
            made = attempt(request, form, _make, Course(), form=form, days=[day for day, why in days if not why])
            if made is not None:
                messages.success(request, f"排好了，一共{made.sessions.count()}次课，都是草稿。看一看，再全部发布。")
                return redirect("activities:desk_course", pk=made.pk)
        held = [day for day, why in days if not why]
        taken = planning.beside(given["home"], given.get("room"), held, given["begins"], given["ends"])
        context["warnings"] = [said] if (said := planning.not_entered(given["first"], given["last"])) else []
        context |= {"days": [(day, why, taken.get(day)) for day, why in days], "plan": plan, "held": len(held)}
        context["button"] = f"就这样，排{len(held)}次课"
    form.lay_out()
    button = context.pop("button")
    return form_page(request, form, title, button, back=back, way=crumbs(request), **context)


def _make(course, *, by, form, days):
    given = form.cleaned_data
    for name in ("title", "kind", "home", "teacher", "lead", "description"):
        setattr(course, name, given[name])
    course.branch = given.get("branch")
    return courses.lay_out(course, days=days, begins=given["begins"], ends=given["ends"], by=by, **form.session())


@posting_page(Action.VIEW, Course, methods=("GET", "HEAD"))
def course(request, pk):
    found = own(request, Course, pk, Action.VIEW, Course.objects.select_related("home", "kind", "branch"))
    sessions = list(found.sessions.for_cards().order_by("starts_at", "pk"))
    now = timezone.now()
    context = {
        "course": found,
        "sessions": sessions,
        "waiting": sum(1 for each in sessions if each.starts_at > now and each.status in ("draft", "pending")),
        "may_change": Course.objects.visible_to(request.user, Action.CHANGE).filter(pk=pk).exists(),
        "is_public": any(each.status in Activity.PUBLIC for each in sessions),
        "crumbs": crumbs(request),
    }
    return render(request, "desk/activities/course.html", context)


@posting_page(Action.CHANGE, Course)
def publish(request, pk):
    """Publish every meeting that is still a draft."""
    found = own(request, Course, pk)
    form, _ = open_form(request, StepForm)
    if request.method == "POST" and form.is_valid():
        number = attempt(request, form, courses.publish_all, found)
        if number is not None:
            messages.success(request, f"发布了{number}次课，居民现在看得到，也可以报名了。")
            return redirect("activities:desk_course", pk=pk)
    back = f"/desk/activities/courses/{pk}/"
    return form_page(
        request, form, "全部发布", "全部发布", back=back, way=crumbs(request, (found.title, back)),
        lead=f"“{found.title}”还没有发布的课次，一次都发布出去。",
    )  # fmt: skip
