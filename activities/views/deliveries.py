"""送学上门: from an activity, for members who cannot come; and the list of what has still to be brought."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from activities import deliveries
from activities.door_forms import DeliveriesForm, DeliveryForm
from activities.models import Activity, HomeDelivery
from activities.views.desk_pages import crumbs
from activities.views.door import form_page
from branches.access import Action
from branches.models import CareVisit, CommunityMembership, Member
from branches.views.desk import SHOWN, Section, add_section, attempt, desk_page

add_section(Section("送学上门", "activities:deliveries", HomeDelivery, "活动上讲的，给来不了的党员送去。"))


def _in_reach(user):
    """Members whose visits this user may write down."""
    active = CommunityMembership.objects.active().where_granted(user, Action.ADD, CareVisit)
    return deliveries.frail(Member.objects.visible_to(user)).filter(pk__in=active.values("member"))


@desk_page(Action.ADD, HomeDelivery)
def deliver(request, pk):
    """Choose to whom it should be brought what was said at an activity this user may see."""
    activity = get_object_or_404(Activity.objects.public().visible_to(request.user), pk=pk)
    there = activity.home_deliveries.values("member")
    members = (
        _in_reach(request.user).exclude(pk__in=there).select_related("building__compound").order_by("building", "pk")
    )
    form = DeliveriesForm(request.POST if request.method == "POST" else None, members=members)
    if request.method == "POST" and form.is_valid():
        planned = attempt(form, deliveries.plan, activity, form.cleaned_data["members"], by=request.user)
        if planned is not None:
            messages.success(request, f"安排好了，要送{len(planned)}位。送到了，在名单上记一笔。")
            return redirect("activities:deliveries")
    way = crumbs(request, (activity.title, reverse("activities:desk_activity", args=[pk])))
    if not members:
        lead = "支部里需要上门的党员，都安排过了，或者现在没有。"
        return render(request, "desk/door_nobody.html", {"title": "送学上门", "lead": lead, "crumbs": way})
    lead = f"把“{activity.title}”上讲的，送到家里去。一位一次，送到了算一次走访。"
    return form_page(request, activity, form, "送学上门", "安排", way=way, lead=lead)


@desk_page(Action.VIEW, HomeDelivery, methods=("GET", "HEAD"))
def due(request):
    """What has still to be brought to somebody, the oldest first."""
    rows = HomeDelivery.objects.visible_to(request.user).due().for_list()
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    may_log = set(HomeDelivery.objects.visible_to(request.user, Action.CHANGE).values_list("pk", flat=True))
    context = {"page": page, "may_log": may_log, "crumbs": crumbs(request)}
    return render(request, "desk/door_deliveries.html", context)


@desk_page(Action.CHANGE, HomeDelivery)
def delivered(request, pk):
    """Log the visit by which it was brought."""
    rows = HomeDelivery.objects.visible_to(request.user, Action.CHANGE).for_list()
    delivery = get_object_or_404(rows.filter(member__in=_in_reach(request.user)), pk=pk)
    form = DeliveryForm(
        request.POST if request.method == "POST" else None, initial={"key": uuid4(), "kind": CareVisit.Kind.STUDY}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"key": str(form.cleaned_data["key"])}
        visit = attempt(form, deliveries.done, delivery, by=request.user, **given)
        if visit is not None:
            if visit.kind == CareVisit.Kind.NOBODY_HOME:
                messages.info(request, f"记好了：去看{delivery.member}，没有人。留在名单里，改天再去。")
            else:
                messages.success(request, f"记好了：送学上门，{delivery.member}。")
            return redirect("activities:deliveries")
    way = crumbs(request, ("送学上门", reverse("activities:deliveries")))
    title = f"给 {delivery.member} 送学"
    lead = f"{delivery.member.building or ''}　“{delivery.activity.title}”上讲的。".strip()
    return form_page(request, delivery.activity, form, title, "记下来", way=way, lead=lead)
