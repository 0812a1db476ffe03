"""What waits among the people: reports, visits, groups, households, exports; and next year's calendar."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from branches.access import COMMUNITY, SECRETARY, Action, allowed
from branches.models import CalendarDay, CentreHousehold, CommunityMembership, ExportRequest, Member, Pairing
from branches.waiting import Line, add_waiting

ANNOUNCED = (11, 15)  # month and day by which the State Council has usually told of the next year
# {method of the requests: (label, hint)}; the list of the staff pages is narrowed by the same
EXPORTS = {
    "waiting_for": ("导出申请等您看一看", "看看谁要、为什么要，再决定。"),
    "ready_for": ("导出批准了，等您下载", "批准后24小时以内下载。"),
    "declined_to": ("导出没有批准", "点开看看原因。"),
    "asked_by": ("导出还等着同事批准", "您提出的。急用的话，给同事打个电话。"),
}


def visits(user):
    """Who should be visited: overdue by definition, for the day has come."""
    if allowed(user, Action.CHANGE, Pairing):
        yield Line(
            Pairing.objects.visible_to(user).due(), "对结对", "该去看望了", "最久没去的在最前面。",
            f"{reverse('desk:today')}#due", overdue=True,
        )  # fmt: skip


def people(user):
    memberships = CommunityMembership.objects.visible_to(user)
    if allowed(user, Action.CHANGE, CommunityMembership):
        yield Line(
            memberships.waiting(), "份报到", "等着确认", "核对一下，确认在册，或者写明原因退回。",
            reverse("desk:waiting"),
        )  # fmt: skip
    if allowed(user, Action.CHANGE, Member):
        yield Line(
            memberships.ungrouped(),
            "位在册党员", "还没有分到党小组", "看看住在哪栋楼，分到就近的党小组。",
            f"{reverse('desk:members')}?group=none", upkeep=True,
        )  # fmt: skip


def exports(user):
    if allowed(user, Action.VIEW, ExportRequest):
        address = reverse("admin:branches_exportrequest_changelist")
        for turn, (label, hint) in EXPORTS.items():
            rows = getattr(ExportRequest.objects, turn)(user)
            yield Line(rows, "份", label, hint, f"{address}?turn={turn}", upkeep=turn == "asked_by")


def households(user):
    if allowed(user, Action.CHANGE, CentreHousehold):
        yield Line(
            CentreHousehold.objects.visible_to(user).not_asked(), "个中心户", "还没问户主同不同意公开",
            "上门时问一句，同意了就把日期写进来。",
            f"{reverse('admin:branches_centrehousehold_changelist')}?consent=none", upkeep=True,
        )  # fmt: skip


def calendar(user):
    """From the middle of November on: next year's days, which are announced about then."""
    today = timezone.localdate()
    if (today.month, today.day) >= ANNOUNCED and allowed(user, Action.ADD, CalendarDay):
        next_year = date(today.year + 1, 1, 1)
        yield Line(
            len(CalendarDay.objects.years_open(next_year, next_year)), "年",
            f"的放假安排没有录：{next_year.year}年", "录了，排课才跳得过春节、清明、端午和中秋。",
            reverse("admin:branches_calendarday_changelist"), upkeep=True,
        )  # fmt: skip


def register():
    add_waiting(visits, SECRETARY, COMMUNITY)
    add_waiting(people, SECRETARY, COMMUNITY)
    for function in (exports, households, calendar):
        add_waiting(function)
