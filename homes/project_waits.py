"""What waits about community projects, each as a part of the desk's list of them."""

from datetime import timedelta

from django.utils import timezone

from branches.access import Action, allowed
from branches.steps import corrects
from branches.waiting import Part
from homes.models import CommunityProject, Milestone

Status = CommunityProject.Status
QUIET_DAYS = 30


def parts(user):
    """What this user could do something about, the most pressing first."""
    if not allowed(user, Action.CHANGE, CommunityProject):
        return []
    rows, today = CommunityProject.objects.visible_to(user, Action.CHANGE), timezone.localdate()
    asked = rows.exclude(cancel_asked_by=None).exclude(cancel_asked_by=user)
    agree = Part("cancel", "申请终止的", "共建项目申请终止", "看一看原因，同不同意。", asked)
    late = Milestone.objects.overdue(today).values("project")
    return [
        *([agree] if corrects(user) else []),
        Part(
            "result", "征询到期、还没有结果的", "共建项目征询到期，还没有结果", "照纸上的票数记下来。",
            rows.filter(status=Status.CONSULTING, consult_until__lt=today), overdue=True,
        ),
        Part(
            "late", "有步骤过了日子的", "共建项目有步骤过了日子", "办完了就记下；还没有，写一条进展告诉大家。",
            rows.filter(pk__in=late), overdue=True,
        ),
        Part(
            "quiet", "一个月没有进展的", "正在施工，一个月没有写进展", "写几句，大家等着看。",
            rows.without_news(today - timedelta(days=QUIET_DAYS)), upkeep=True,
        ),
    ]  # fmt: skip
