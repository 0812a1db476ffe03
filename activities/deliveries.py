"""The verbs of 送学上门 from an activity: plan it for members who cannot come, and log it as the visit it is."""

from django.db import transaction
from django.utils import timezone

from activities.models import Activity, HomeDelivery
from activities.seats import locked
from branches import care
from branches.models import CareVisit, CommunityMembership, Member
from branches.transitions import IllegalTransition

HELD = (Activity.Status.PUBLISHED, Activity.Status.FINISHED)


def frail(members):
    """Those of these members who are in a branch and have to be visited at home."""
    active = CommunityMembership.objects.active().values("member")
    return members.filter(needs_home_visit=True, pk__in=active)


@transaction.atomic
def plan(activity, members, *, by, now=None):
    """Let what was said at the activity be brought to each of these members; returns what is new.

    A member it is planned for already is left as they are: once an activity. IllegalTransition before it has begun,
    and for members who are not visited at home.
    """
    activity = locked(activity)
    if activity.status not in HELD or activity.starts_at > (now or timezone.now()):
        raise IllegalTransition("活动开始以后，才能安排送学上门。")
    wanted = list(frail(Member.objects.filter(pk__in=[member.pk for member in members])).order_by("pk"))
    if len(wanted) != len({member.pk for member in members}):
        raise IllegalTransition("名单里有人不在册了，或者不用上门了。请看看现在的名单，再选一次。")
    there = set(activity.home_deliveries.filter(member__in=wanted).values_list("member", flat=True))
    new = [HomeDelivery(activity=activity, member=member, created_by=by) for member in wanted if member.pk not in there]
    for delivery in new:
        delivery._history_user = by
        delivery.save()
    return new


@transaction.atomic
def done(delivery, *, by, kind=CareVisit.Kind.STUDY, visited_on=None, note="", key=""):
    """Log the visit by which it was brought; returns the visit. 去了没人 is a visit too, and leaves the delivery due.

    Sent twice with one `key`, it is one visit, as branches/care.py has it.
    """
    delivery = HomeDelivery.objects.select_for_update().select_related(None).get(pk=delivery.pk)
    visit = care.log_visit(delivery.member, kind=kind, by=by, visited_on=visited_on, note=note, key=key)
    if delivery.visit_id not in (None, visit.pk):
        raise IllegalTransition("这一份已经送到了，不用再记。可能刚刚有人处理过，请刷新看看。")
    if visit.kind == CareVisit.Kind.STUDY and delivery.visit_id is None:
        delivery.visit = visit
        delivery._history_user = by
        delivery.save(update_fields=["visit"])
    return visit
