"""What waits to be done about what goes on."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, HomeDelivery, Message, Notice, SignUp
from activities.models.activity import ATTENDANCE_CLOSES
from branches.access import ORGANISER, SECRETARY, Action, allowed
from branches.waiting import Line, Part, add_waiting

Status = Activity.Status
LATE_SHOWN = timedelta(days=60)  # drafts whose time has passed
ENDING_DAYS = 7  # before a notice leaves the list


def activity_parts(user, now=None):
    """What is to be done about activities. Who is coming is no business of all who may post."""
    now = now or timezone.now()
    rows = Activity.objects.visible_to(user, Action.CHANGE)
    near = Activity.objects.where_granted(user, Action.CHANGE, SignUp).order_by("starts_at", "pk")
    unmarked = SignUp.objects.filter(activity=OuterRef("pk"), status=SignUp.Status.CONFIRMED)
    calls, reminder = Message.objects.to_ring(), Message.Kind.REMINDER
    changes = near.filter(pk__in=calls.exclude(kind=reminder).values("sign_up__activity"))
    reminders = near.filter(pk__in=calls.filter(kind=reminder).values("sign_up__activity"))
    begun = near.filter(
        Exists(unmarked),
        status__in=(Status.PUBLISHED, Status.FINISHED),
        starts_at__lte=now,
        ends_at__gte=now - ATTENDANCE_CLOSES,
    )
    unsettled = rows.filter(status__in=(Status.DRAFT, Status.PENDING))
    late = unsettled.filter(starts_at__lte=now, starts_at__gt=now - LATE_SHOWN)
    drafts = unsettled.filter(status=Status.DRAFT, starts_at__gt=now)
    review = rows.waiting_for_review().filter(starts_at__gt=now)
    recaps = rows.without_recap(now).order_by("-ends_at", "-pk")
    ring, page = "activities:calls_of", "activities:desk_activity"
    return (
        Part("calls", "要打电话告诉的人", "有变动，要打电话", "有变动，还有人没有通知到。",
             changes, ring),
        Part("reminders", "要打电话提醒的人", "要打电话提醒", "快开始了，打个电话提醒一声。",
             reminders, ring),
        Part("review", "等审核的", "等审核", "看一看，发布或者退回。", review, page),
        Part("attendance", "要点名的", "要点名", "来了的打个勾，七天以内。", begun, "activities:people"),
        Part("recap", "还没写回顾的", "没写回顾", "结束三天了，写几句话，放几张照片。", recaps,
             "activities:recap", upkeep=True),
        Part("drafts", "草稿", "是草稿", "还没有发布，居民看不到。", drafts, page, upkeep=True),
        Part("late", "过了时间还没发布的", "过了时间还没发布", "改个日子再发布。", late, page, upkeep=True),
    )  # fmt: skip


def activities(user):
    if allowed(user, Action.CHANGE, Activity):
        for part in activity_parts(user):
            yield part.line("个活动", reverse("activities:desk"))


def notice_parts(user):
    rows = Notice.objects.visible_to(user, Action.CHANGE)
    today = timezone.localdate()
    ending = rows.current().filter(expires_on__lte=today + timedelta(days=ENDING_DAYS)).order_by("expires_on", "pk")
    drafts = rows.filter(status=Notice.Status.DRAFT).order_by("-created_at", "-pk")
    what = f"{ENDING_DAYS}天以内就不在列表里了。还要让人看到的，改一改日子，或者写一条新的。"
    return (
        Part("ending", "快到期的", "快到期", what, ending, upkeep=True),
        Part("drafts", "草稿", "是草稿", "还没有发布，居民看不到。", drafts, upkeep=True),
    )


def notices(user):
    if allowed(user, Action.CHANGE, Notice):
        for part in notice_parts(user):
            yield part.line("条通知", reverse("activities:desk_notices"))


def deliveries(user):
    if allowed(user, Action.CHANGE, HomeDelivery):
        rows = HomeDelivery.objects.visible_to(user).due()
        yield Line(rows, "次送学上门", "还没有送", "送到了，记一笔。", reverse("activities:deliveries"))


def register():
    add_waiting(deliveries, SECRETARY)
    add_waiting(activities, ORGANISER)
    add_waiting(notices, ORGANISER)
