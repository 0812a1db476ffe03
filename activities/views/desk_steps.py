"""The steps of an activity as pages that ask first: publish, review, another time or place, seats, call off."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from activities import outbox, planning, publishing, signup
from activities.desk_fields import PublishAt
from activities.desk_forms import RescheduleForm, SeatsForm, StepForm, StepReasonForm
from activities.models import Activity, SignUp
from activities.views.desk_pages import attempt, crumbs, form_page, open_form, own, posting_page
from activities.views.desk_post import as_typed
from branches.views.desk import CONFLICT


def _own(request, pk):
    return own(request, Activity, pk, rows=Activity.objects.for_cards().select_related("room"))


def _page(request, activity, form, title, button, **context):
    back = f"/desk/activities/{activity.pk}/"
    context = {"lead": f"“{activity.title}”，{outbox.when(activity)}，{activity.where}。"} | context
    return form_page(request, form, title, button, back=back, way=crumbs(request, (activity.title, back)), **context)


def _over(request, activity, title):
    """The answer where nothing of it can be changed any more, instead of a form that would be refused; else None."""
    if activity.status not in (Activity.Status.CANCELLED, Activity.Status.FINISHED):
        return None
    back = f"/desk/activities/{activity.pk}/"
    context = {"title": title, "activity": activity, "back": back, "crumbs": crumbs(request, (activity.title, back))}
    return render(request, "desk/activities/over.html", context, status=CONFLICT)


def _back(pk):
    return redirect("activities:desk_activity", pk=pk)


@posting_page()
def publish(request, pk):
    found = _own(request, pk)
    form, refilled = open_form(request, PublishAt, record=found)
    if request.method == "POST" and form.is_valid():
        given = {"version": form.cleaned_data["version"], "at": form.at}
        done = attempt(request, form, publishing.publish, found, **given)
        if done is not None:
            messages.success(request, _published(done))
            return _back(pk)
    warnings = planning.warnings(found)
    return _page(request, found, form, "发布", "发布", warnings=warnings, refilled=refilled)


def _published(activity):
    if activity.status == Activity.Status.PUBLISHED:
        may = "，也可以报名了" if activity.is_open_for_sign_up() else ""
        return f"发布了，居民现在看得到{may}。"
    at = timezone.localtime(activity.publish_at)
    return f"定好了：{date_format(at, 'n月j日')}{outbox.clock(at)}发布。到时候自动发，不用再管。"


def _simple(request, pk, verb, *, title, button, done, kind="", lead="", reason=None):
    """A step of one question: `reason` is the hint of the field for it, None where none is asked."""
    found = _own(request, pk)
    given = {"record": found} | ({"hint": reason} if reason is not None else {})
    form, refilled = open_form(request, StepForm if reason is None else StepReasonForm, **given)
    if request.method == "POST" and form.is_valid():
        told = {"version": form.cleaned_data["version"]}
        told |= {"reason": form.cleaned_data["reason"]} if reason is not None else {}
        if attempt(request, form, verb, found, **told) is not None:
            messages.success(request, done)
            return _back(pk)
    return _page(request, found, form, title, button, kind=kind, more=lead, refilled=refilled)


@posting_page()
def submit(request, pk):
    return _simple(
        request, pk, publishing.submit_review, title="请同事审核", button="交去审核",
        lead="能管这个家或者这个支部的同事，都会在“等审核的”里看到。", done="交上去了，等同事看过发布。",
    )  # fmt: skip


@posting_page()
def send_back(request, pk):
    return _simple(
        request, pk, publishing.send_back, title="退回去改", button="退回", done="退回了，原因写在活动上面。",
        reason="写给交上来的人看，例如：时间和合唱班撞了，换到下午。",
    )  # fmt: skip


@posting_page()
def hold(request, pk):
    return _simple(
        request, pk, publishing.hold, title="取消定时发布", button="先不发布", done="不会自动发布了，还是草稿。"
    )


@posting_page()
def unpublish(request, pk):
    return _simple(
        request, pk, publishing.unpublish, title="收回成草稿", button="收回", done="收回了，居民看不到了。",
        lead="从来没有人报过名的才能收回。有人报过名，请用“取消活动”，好一个个通知到。",
    )  # fmt: skip


@posting_page()
def finish(request, pk):
    return _simple(
        request, pk, publishing.finish, title="办完了", button="办完了",
        lead="过了结束时间，系统也会自己结束。结束以后七天以内还能点名，也可以写回顾了。",
        done="结束了。写几句回顾，放几张照片吧。",
    )  # fmt: skip


@posting_page()
def cancel(request, pk):
    people = SignUp.objects.active().filter(activity=pk).count()
    told = f"报了名的{people}位，都要通知到：有邮箱的自动发，别的排进要打的电话。" if people else "现在还没有人报名。"
    return _simple(
        request, pk, publishing.cancel, title="取消活动", button="取消这个活动", kind="act", lead=told,
        done="取消了。要打电话通知的，都列出来了。" if people else "取消了。",
        reason="居民看得到，也会告诉报了名的人。例如：老师病了，改到下个月。",
    )  # fmt: skip


@posting_page()
def seats(request, pk):
    found = _own(request, pk)
    if over := _over(request, found, "改名额"):
        return over
    seated = found.sign_ups.seated().count()
    form, refilled = open_form(request, SeatsForm, activity=found, seated=seated)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, form, signup.set_capacity, found, **form.cleaned_data) is not None
    ):
        messages.success(request, "名额改好了。")
        return _back(pk)
    lead = f"现在报上了{seated}位，候补{found.waiting}位。名额改多了，候补的按先后自动补上，并告诉他们。"
    return _page(request, found, form, "改名额", "改好了", more=lead, refilled=refilled)


@posting_page()
def reschedule(request, pk):
    """Another time or place. What stands against it is told first; sent once more, it counts."""
    found = _own(request, pk)
    if over := _over(request, found, "改时间或地点"):
        return over
    form, refilled = open_form(request, RescheduleForm, user=request.user, activity=found, initial=as_typed(found))
    warnings = []
    if request.method == "POST" and form.is_valid():
        wanted = Activity(pk=found.pk, home=found.home, starts_at=form.starts_at, ends_at=form.ends_at)
        for name, value in form.place_given().items():
            setattr(wanted, name, value)
        warnings = planning.warnings(wanted)
        if not warnings or form.cleaned_data["seen"] == "\n".join(warnings):
            given = {"starts_at": form.starts_at, "ends_at": form.ends_at, "version": form.cleaned_data["version"]}
            if attempt(request, form, publishing.reschedule, found, **given, **form.place_given()) is not None:
                messages.success(request, "改好了。报了名的人都要告诉到：有邮箱的自动发，别的排进要打的电话。")
                return _back(pk)
        else:
            form.data = form.data.copy()
            form.data["seen"] = "\n".join(warnings)
    people = SignUp.objects.active().filter(activity=pk).count()
    told = f"报了名的{people}位都会通知到新的时间和地点。" if people else "现在还没有人报名。"
    button = "还是这样改" if warnings else "改好了"
    return _page(request, found, form, "改时间或地点", button, more=told, warnings=warnings, refilled=refilled)
