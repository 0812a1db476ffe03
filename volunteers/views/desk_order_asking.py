"""Asking somebody to go: one person, chosen from a short list, or everybody of some teams; and what they answer."""

from datetime import timedelta

from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone

from branches.masking import mask_telephone
from branches.views.desk import CONFLICT
from volunteers import busy, candidates, dispatching
from volunteers.desk_forms import AnswerForm, CallForm, FindForm, OfferForm, TakeForm, VisitForm
from volunteers.models import Assignment, TeamMembership, Volunteer
from volunteers.views.desk_order_pages import (
    attempt,
    back_to,
    crumbs,
    order_page,
    own_order,
    posted,
    step_page,
)
from volunteers.views.desk_order_steps import own_assignment

FOUND_MOST = 10  # of a search


def visit_form(request, order):
    """When they should go: as the address says, else as it is agreed with others, else tomorrow morning."""
    at = order.visit_at if order.visit_at and order.visit_at > timezone.now() else None
    tomorrow = timezone.localdate() + timedelta(days=1)
    initial = {
        "day": timezone.localdate(at) if at else tomorrow,
        "begins": timezone.localtime(at).time() if at else "09:00",
        "minutes": order.visit_minutes,
    }
    sent = {name: request.GET[name] for name in initial if name in request.GET}
    return VisitForm(sent or None, initial=initial)


def _choose_time(request, order, form, title):
    """The first of two pages: when. It is asked by its address, so that going back finds it again."""
    way = crumbs(request, order)
    context = {"form": form, "order": order, "title": title, "crumbs": way, "back": way[-1][1]}
    return render(request, "volunteers/desk/when.html", context)


def shown(rows):
    """[(volunteer, what a list says of them)]: teams, how near, when they were last asked."""
    found = []
    for volunteer in candidates.for_list(rows):
        last = volunteer.last_asked_at
        asked = f"上次请他是{_day(last)}" if last else "还没有请过"
        near = candidates.NEARNESS.get(getattr(volunteer, "nearness", None), "")
        teams = "、".join(membership.team.name for membership in volunteer.in_teams)
        found.append((volunteer, "，".join(part for part in (teams, near, asked) if part)))
    return found


def _day(moment):
    at = timezone.localtime(moment)
    return f"{at.month}月{at.day}日"


@order_page()
def offer(request, pk):
    """First when, then who: those who can and are free, the near ones first; or anybody else, searched for."""
    order = own_order(request, pk)
    when = visit_form(request, order)
    if not when.is_bound or not when.is_valid():
        return _choose_time(request, order, when, "请一位去")
    minutes = when.cleaned_data["minutes"]
    ends_at = when.visit_at + timedelta(minutes=minutes)
    sent = request.method == "POST"
    find = FindForm(request.POST if sent else None)
    q = find.cleaned_data["q"].strip() if sent and find.is_valid() else ""
    searches = sent and "find" in request.POST
    reachable = candidates.reachable(order, request.user)
    form = OfferForm(
        request.POST if sent and not searches else None, record=order, reachable=reachable,
        needs_skill=order.category.skill_id is not None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        given = {"visit_at": when.visit_at, "minutes": minutes, "override": form.cleaned_data.get("override", "")}
        who = form.cleaned_data["volunteer"]
        if attempt(form, order, dispatching.offer, order, who, by=request.user, **given) is not None:
            return back_to(request, order, f"请 {who} 去，等他回话。他没有手机的，到“要打的电话”里打一个。")
    others = candidates.found(order, request.user, q)[:FOUND_MOST] if q else Volunteer.objects.none()
    others = busy.with_clash(Volunteer.objects.filter(pk__in=[each.pk for each in others]), when.visit_at, ends_at)
    context = {
        "order": order, "form": form, "when": when, "ends_at": ends_at, "q": q, "searched": searches,
        "rows": shown(candidates.candidates(order, when.visit_at, ends_at)[: candidates.SHOWN]),
        "others": [(each, words, mask_telephone(each.telephone)) for each, words in shown(others)],
        "chosen": form["volunteer"].value(), "crumbs": crumbs(request, order),
    }  # fmt: skip
    refused = form.is_bound and bool(form.non_field_errors())
    return render(request, "volunteers/desk/offer.html", context, status=CONFLICT if refused else 200)


@order_page()
def open_call(request, pk):
    """First when, then which teams of the street."""
    order = own_order(request, pk)
    when = visit_form(request, order)
    if not when.is_bound or not when.is_valid():
        return _choose_time(request, order, when, "请全队的人")
    people = Count("memberships", filter=Q(memberships__status=TeamMembership.Status.ACTIVE))
    teams = candidates.teams(order, request.user).select_related("home").annotate(people=people)
    form = CallForm(posted(request), record=order, teams=teams.order_by("home__name", "name"))
    if request.method == "POST" and form.is_valid():
        given = {"visit_at": when.visit_at, "minutes": when.cleaned_data["minutes"]}
        chosen = list(form.cleaned_data["teams"])
        if attempt(form, order, dispatching.open_call, order, chosen, by=request.user, **given) is not None:
            return back_to(request, order, "请了全队的人，谁先说去就是谁。他们在自己的页上看得到。")
    ends_at = when.visit_at + timedelta(minutes=when.cleaned_data["minutes"])
    lead = f"{busy.span(when.visit_at, ends_at)}。谁先说去就是谁去。"
    return step_page(request, order, form, "请全队的人", "发出去", lead=lead)


@order_page()
def answer(request, pk, assignment_pk):
    """What somebody who was asked said on the telephone."""
    order = own_order(request, pk)
    who = own_assignment(order, assignment_pk)
    form = AnswerForm(posted(request), record=order)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "on_behalf_of": str(who.volunteer)}
        if form.cleaned_data["said"] == "yes":
            given["override"] = form.cleaned_data["override"]
            answered = attempt(form, order, dispatching.accept, order, who.volunteer, **given)
        else:
            given["reason"] = form.cleaned_data["reason"].strip()
            answered = attempt(form, order, dispatching.decline, who, **given)
        if answered is not None:
            return back_to(request, order, f"记下了，是 {who.volunteer} 在电话里说的。")
    lead = f"请他{busy.span(who.visit_at, who.visit_ends_at)}去，{_day(who.expires_at)}以前回话。"
    return step_page(request, order, form, f"{who.volunteer} 在电话里说", "记下来", lead=lead)


@order_page()
def take(request, pk):
    """Somebody of the called teams rang and said yes."""
    order = own_order(request, pk)
    called = TeamMembership.objects.active().filter(team__calls__order=order, team__calls__closed_at=None)
    live = order.assignments.filter(status__in=Assignment.LIVE).values("volunteer")
    people = Volunteer.objects.filter(pk__in=called.values("volunteer")).exclude(pk__in=live).order_by("name", "pk")
    form = TakeForm(posted(request), record=order, people=candidates.for_list(people))
    if request.method == "POST" and form.is_valid():
        who = form.cleaned_data["volunteer"]
        given = {"by": request.user, "on_behalf_of": str(who), "override": form.cleaned_data["override"]}
        if attempt(form, order, dispatching.accept, order, who, **given) is not None:
            return back_to(request, order, f"记下了，{who} 去。")
    return step_page(request, order, form, "有人打电话来说去", "记下来", lead="被请的那些队伍里的人。")
