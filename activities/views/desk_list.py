"""/desk/activities/: what is to be done first, then what comes next; and one activity with all that can be done."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import outbox, planning
from activities.models import Activity, Message, SignUp
from activities.views.activity import more_of, parts_of
from activities.views.desk_pages import SHOWN, Action, crumbs, may, own, posting_page
from activities.what_waits import activity_parts
from branches.access import allowed
from branches.views.desk import Section, add_section
from branches.waiting import part_named
from config.caching import cards
from config.site import address_of

Status = Activity.Status
PAGE_SIZE = 30
add_section(Section("活动", "activities:desk", Activity, "发活动，改时间，看谁报了名。"))


def to_do(parts):
    """[(part, its activities, whether there are more)], at most SHOWN of each; empty ones left out."""
    found = ((part, list(part.rows.select_related("home", "branch")[: SHOWN + 1])) for part in parts)
    return [(part, rows[:SHOWN], len(rows) > SHOWN) for part, rows in found if rows]


@posting_page(Action.VIEW, methods=("GET", "HEAD"))
def activities(request):
    """What is to be done, and what comes next; or one part of what is to be done; or what was."""
    now = timezone.now()
    rows = Activity.objects.visible_to(request.user).for_cards()
    past, parts = request.GET.get("past") == "1", activity_parts(request.user, now)
    part = part_named(parts, request.GET.get("part"))
    if part:
        rows = part.rows.for_cards()
    elif past:
        rows = rows.filter(status__in=Activity.PUBLIC).exclude(status=Status.PUBLISHED, ends_at__gt=now)
        rows = rows.order_by("-starts_at", "-pk")
    else:
        rows = rows.upcoming(now)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "past": past,
        "part": part,
        "to_do": [] if past or part else to_do(parts),
        "may_call": allowed(request.user, Action.CHANGE, Message),
        "may_post": allowed(request.user, Action.ADD, Activity),
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "desk/activities/list.html", context)


def steps_of(activity, now):
    """[(words, name of the address, kind of button)] that may be taken from the state it is in, the main one first."""
    ahead = activity.starts_at > now
    match activity.status:
        case Status.DRAFT if ahead:
            first = [
                ("发布", "desk_publish", ""),
                ("先预览", "desk_preview", "quiet"),
                ("改一改", "desk_edit", "quiet"),
            ]
            rest = [("请同事审核", "desk_submit", "quiet")]
        case Status.PENDING if ahead:
            first = [
                ("发布", "desk_publish", ""),
                ("先预览", "desk_preview", "quiet"),
                ("改一改", "desk_edit", "quiet"),
            ]
            rest = [("退回去改", "desk_send_back", "quiet")]
        case Status.DRAFT | Status.PENDING:
            first, rest = [("改时间", "desk_edit", "")], []
        case Status.PUBLISHED if ahead:
            first = [("改时间或地点", "desk_reschedule", "quiet"), ("改内容", "desk_correct", "quiet")]
            rest = [("改名额", "desk_seats", "quiet")] if activity.takes_sign_up else []
            rest += [("取消活动", "desk_cancel", "act"), ("收回成草稿", "desk_unpublish", "quiet")]
        case Status.PUBLISHED if activity.ends_at <= now:
            first, rest = [("办完了", "desk_finish", "")], [("改内容", "desk_correct", "quiet")]
        case Status.PUBLISHED:
            first, rest = [("改内容", "desk_correct", "quiet")], [("改名额", "desk_seats", "quiet")]
        case _:
            first, rest = [], []
    if activity.publish_at:
        rest.append(("取消定时发布", "desk_hold", "quiet"))
    return [*first, *rest, ("照这次再办一次", "desk_copy", "quiet"), ("每周一次，办一学期", "desk_repeat", "quiet")]


@posting_page(Action.VIEW, methods=("GET", "HEAD"))
def activity(request, pk):
    found = own(request, Activity, pk, Action.VIEW, Activity.objects.for_cards().select_related("room", "created_by"))
    now = timezone.now()
    changes = may(request, found)
    unsettled = found.status in planning.TAKING_ROOM and found.starts_at > now
    steps = steps_of(found, now) if changes else []
    if found.status == Status.PUBLISHED and found.sign_ups.exists():
        steps = [step for step in steps if step[1] != "desk_unpublish"]
    near = Activity.objects.where_granted(request.user, Action.CHANGE, SignUp).filter(pk=pk).exists()
    context = {
        "activity": found,
        "when": outbox.when(found),
        "sees_people": near and found.status in Activity.PUBLIC,
        "to_ring": near and Message.objects.to_ring().filter(sign_up__activity=found).exists(),
        "may_recap": changes and found.status == Status.FINISHED,
        "steps": [(words, reverse(f"activities:{name}", args=[pk]), kind) for words, name, kind in steps],
        "warnings": planning.warnings(found) if unsettled else [],
        "crumbs": crumbs(request),
        "is_public": found.status in Activity.PUBLIC,
    }
    return render(request, "desk/activities/activity.html", context)


@posting_page(Action.VIEW, methods=("GET", "HEAD"))
def preview(request, pk):
    """The very page that residents will see, as if it were published; what is published already has its own."""
    found = own(request, Activity, pk, Action.VIEW, Activity.objects.for_cards())
    if found.status in Activity.PUBLIC:
        return redirect(found)
    found.status = Status.PUBLISHED
    parts = parts_of(found, address_of(request), cards(more_of(found)))
    context = {"activity": found, "page": parts["page"], "changes": may(request, found)}
    return render(request, "desk/activities/preview.html", context)
