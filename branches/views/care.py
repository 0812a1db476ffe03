"""The desk's pages about care: log a visit, pair, change the rhythm, end a pair, and the slips on paper."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from branches import care
from branches.access import Action
from branches.forms import PairForm, ReasonForm, RhythmForm, VisitForm
from branches.models import CareClass, CareVisit, CommunityMembership, Member, Pairing
from branches.reveal import reveal
from branches.views.desk import SHOWN, attempt, crumbs, desk_page, due_pairs, form_page
from branches.views.members import own_member

SLIP_REASON = "打印走访单"


def _member_to(request, pk, action, model):
    """The member, active where this user may perform `action` on records of `model`; else a missing page."""
    found = own_member(request, pk)
    if not found.memberships.active().where_granted(request.user, action, model).exists():
        raise Http404
    return found


def _own_pair(request, pk, action):
    rows = Pairing.objects.visible_to(request.user, action)
    return get_object_or_404(rows.select_related("member__building__compound", "carer"), pk=pk)


def _page_of(member):
    return reverse("desk:member", args=[member.pk])


@desk_page(Action.ADD, CareVisit)
def visit_member(request, pk):
    return _visit(request, _member_to(request, pk, Action.ADD, CareVisit), None)


@desk_page(Action.ADD, CareVisit)
def visit_pair(request, pk):
    pairing = _own_pair(request, pk, Action.VIEW)
    return _visit(request, _member_to(request, pairing.member_id, Action.ADD, CareVisit), pairing)


def _visit(request, member, pairing):
    form = VisitForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"key": str(form.cleaned_data["key"])}
        visit = attempt(form, care.log_visit, member, by=request.user, pairing=pairing, **given)
        if visit is not None:
            if visit.kind == CareVisit.Kind.NOBODY_HOME:
                messages.info(request, f"记好了：去看{member}，没有人。还算没去成，留在名单里，改天再去。")
            else:
                day = f"{visit.visited_on.month}月{visit.visited_on.day}日"
                messages.success(request, f"记好了：{day}，{visit.get_kind_display()}，{member}。")
            return redirect("desk:today" if pairing else _page_of(member))
    where = str(member.building or "")
    lead = f"{where}　结对的是 {pairing.carer}" if pairing else where
    return form_page(request, form, f"去看了 {member}", "记下来", member=member, lead=lead)


def nearest_first(carers, member):
    """Neighbours of the same building, then of the same compound, then everybody else."""
    near = Case(When(building=member.building_id, then=0), When(compound=member.compound_id, then=1), default=2)
    return carers.select_related("building__compound").order_by(near, "building", "pk")


@desk_page(Action.ADD, Pairing)
def pair(request, pk):
    """Let another active member of the same branch look in on this one."""
    member = _member_to(request, pk, Action.ADD, Pairing)
    active = CommunityMembership.objects.active()
    branch = active.filter(member=member).values("branch")
    carers = Member.objects.visible_to(request.user).filter(pk__in=active.filter(branch__in=branch).values("member"))
    carers = carers.exclude(pk=member.pk).exclude(pk__in=member.pairings.running().values("carer"))
    suggested = CareClass.objects.filter(slug=member.care_class).first() if member.care_class else None
    form = PairForm(
        request.POST or None,
        carers=nearest_first(carers, member),
        initial={"every_days": (suggested and suggested.visit_every_days) or 14},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, care.pair, member, by=request.user, **form.cleaned_data)
        if made is not None:
            messages.success(request, f"结好对了：{made.carer} 每{made.every_days}天看望 {member}。")
            return redirect(_page_of(member))
    return form_page(request, form, f"给 {member} 结对", "结对", member=member)


@desk_page(Action.CHANGE, Pairing)
def rhythm(request, pk):
    pairing = _own_pair(request, pk, Action.CHANGE)
    words = f"现在是每{pairing.every_days}天一次"
    form = RhythmForm(
        request.POST or None, now=pairing.every_days, words=words, initial={"every_days": pairing.every_days}
    )
    if request.method == "POST" and form.is_valid():
        given = {"every_days": form.cleaned_data["every_days"]}
        changed = attempt(form, care.change_rhythm, pairing, by=request.user, **given)
        if changed is not None:
            day = f"{changed.next_visit_on.month}月{changed.next_visit_on.day}日"
            messages.success(request, f"改好了：每{changed.every_days}天一次，下次{day}。")
            return redirect(_page_of(pairing.member))
    title = f"多久看望一次 {pairing.member}"
    return form_page(request, form, title, "改好了", member=pairing.member, lead=f"{words}。")


@desk_page(Action.CHANGE, Pairing)
def end_pair(request, pk):
    pairing = _own_pair(request, pk, Action.CHANGE)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(form, care.end_pair, pairing, by=request.user, reason=form.cleaned_data["reason"])
        if ended is not None:
            messages.success(request, f"{pairing.carer} 和 {pairing.member} 的结对结束了。")
            return redirect(_page_of(pairing.member))
    lead = f"{pairing.carer} 看望 {pairing.member}，每{pairing.every_days}天一次。"
    return form_page(request, form, "结束这一对", "结束结对", member=pairing.member, lead=lead, kind="act")


@desk_page(Action.REVEAL)
def slip(request, pk):
    """The paper for one visit."""
    return _slips(request, [_own_pair(request, pk, Action.VIEW)])


@desk_page(Action.REVEAL)
def slips(request):
    """The papers of all visits that are due, the longest overdue first, one page each."""
    return _slips(request, list(due_pairs(request.user)[:SHOWN]))


def _slips(request, pairs):
    """Ask first: paper shows full names and addresses, so each member's is logged. Then print."""
    members = Member.objects.visible_to(request.user, Action.REVEAL)
    members = members.filter(pk__in=[pairing.member_id for pairing in pairs])
    if len(pairs) == 1 and not members.exists():
        raise Http404
    if request.method != "POST":
        return render(request, "desk/slips_ask.html", {"pairs": pairs, "crumbs": crumbs()})
    shown = reveal(members, ("name", "telephone", "address"), by=request.user, reason=SLIP_REASON)
    printed = [(pairing, shown[pairing.member_id]) for pairing in pairs if pairing.member_id in shown]
    context = {"slips": printed, "today": timezone.localdate(), "kinds": CareVisit.Kind.labels}
    return render(request, "desk/slips.html", context)
