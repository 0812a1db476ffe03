"""The desk's pages about memberships: who waits, confirm, reject, place, transfer in, end. Each calls one verb."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from branches import grouping
from branches import membership as verbs
from branches.access import Action, allowed
from branches.forms import ConfirmForm, EndForm, PlaceForm, ReasonForm, TransferForm
from branches.models import CentreHousehold, CommunityMembership, Member, PartyGroup
from branches.views.desk import CONFLICT, SHOWN, attempt, crumbs, desk_page, form_page, may_report
from branches.views.members import listed

Status = CommunityMembership.Status


@desk_page(Action.VIEW, CommunityMembership, methods=("GET", "HEAD"))
def waiting(request):
    """The reports that wait, the oldest first; who is still active elsewhere has to be transferred."""
    elsewhere = CommunityMembership.objects.active().filter(member=OuterRef("member"))
    rows = CommunityMembership.objects.visible_to(request.user).filter(status=Status.PENDING)
    rows = listed(rows).annotate(elsewhere=Exists(elsewhere)).order_by("reported_on", "pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    may_change = set(
        CommunityMembership.objects.visible_to(request.user, Action.CHANGE)
        .filter(pk__in=[row.pk for row in page.object_list])
        .values_list("pk", flat=True)
    )
    for row in page.object_list:
        row.may_change = row.pk in may_change
        row.own_report = row.reported_by_id == request.user.pk
    context = {
        "page": page,
        "rows": page.object_list,
        "crumbs": crumbs(),
        "may_report": may_report(request.user),
        "may_reveal": allowed(request.user, Action.REVEAL, Member),
    }
    return render(request, "desk/waiting.html", context)


def _own(request, pk):
    rows = CommunityMembership.objects.visible_to(request.user, Action.CHANGE)
    return get_object_or_404(rows.select_related("member__building__compound", "branch"), pk=pk)


def _step(request, pk, *, start, form_of, verb, title, button, done, lead="", kind="go", leaves=False):
    """The page of one step: its form while the membership is in the state `start`, a polite word afterwards.
    `leaves` where the member has no page here any more once the step is taken.

    `form_of(data, membership)` makes the form, `verb(membership, **what was filled in)` takes the step, `done` is what
    is said then, with {member}, {branch}, {group} filled in; {member} is masked.
    """
    membership = _own(request, pk)
    words = {"member": membership.member, "branch": membership.branch}
    title, lead = title.format(**words), lead.format(**words)
    if membership.status != start:
        context = {"membership": membership, "title": title, "crumbs": crumbs()}
        status = CONFLICT if request.method == "POST" else 200
        return render(request, "desk/already_done.html", context, status=status)
    form = form_of(request.POST or None, membership)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        if attempt(form, partial(verb, membership, by=request.user), **given) is not None:
            messages.success(request, done.format(**words, **given))
            return redirect("desk:today") if leaves else redirect("desk:member", membership.member_id)
    return form_page(request, form, title, button, member=membership.member, lead=lead, kind=kind)


@desk_page(Action.CHANGE, CommunityMembership)
def confirm(request, pk):
    return _step(
        request, pk, start=Status.PENDING, verb=verbs.confirm,
        form_of=lambda data, membership: ConfirmForm(data),
        title="确认 {member} 报到", lead="确认以后，就在“{branch}”在册了。组织关系还在原单位，不动。",
        button="确认报到", done="{member} 已在“{branch}”在册。下一步可以分到党小组。",
    )  # fmt: skip


@desk_page(Action.CHANGE, CommunityMembership)
def reject(request, pk):
    return _step(
        request, pk, start=Status.PENDING, verb=verbs.reject, form_of=lambda data, membership: ReasonForm(data),
        title="不接收 {member} 的报到", lead="写明原因，好向本人说清楚。", button="不接收", kind="act", leaves=True,
        done="{member} 的报到没有通过，原因记下了。",
    )  # fmt: skip


@desk_page(Action.CHANGE, CommunityMembership)
def transfer(request, pk):
    """Take in somebody who reported here and is still active in another branch."""
    return _step(
        request, pk, start=Status.PENDING, form_of=lambda data, membership: TransferForm(data),
        verb=lambda membership, **given: verbs.transfer(membership.member, membership.branch, **given),
        title="把 {member} 转入", lead="原来的支部到那一天为止，“{branch}”从那一天开始。",
        button="转入", done="{member} 已转入“{branch}”。",
    )  # fmt: skip


@desk_page(Action.CHANGE, CommunityMembership)
def place(request, pk):
    def form_of(data, membership):
        groups = PartyGroup.objects.visible_to(request.user).filter(branch=membership.branch, is_archived=False)
        households = CentreHousehold.objects.visible_to(request.user).current(timezone.localdate())
        current = membership.placements.current().select_related("group").first()
        return PlaceForm(
            data,
            groups=groups,
            households=households.filter(group__in=groups, until=None).select_related("group", "host"),
            now=current.pk if current else "",
            words=f"现在在{current.group}" if current else "现在不在哪个党小组",
            initial={"group": current.group_id, "household": current.household_id} if current else {},
        )

    return _step(
        request, pk, start=Status.ACTIVE, verb=grouping.place, form_of=form_of,
        title="{member} 在哪个党小组", button="分到这个组", done="{member} 分到了{group}。",
    )  # fmt: skip


@desk_page(Action.CHANGE, CommunityMembership)
def end(request, pk):
    return _step(
        request, pk, start=Status.ACTIVE, verb=verbs.end, form_of=lambda data, membership: EndForm(data),
        title="结束 {member} 的在册", button="结束在册", kind="act", leaves=True,
        lead="党小组、中心户和结对同一天结束。要再来，重新报到就行。",
        done="{member} 在“{branch}”的在册结束了。",
    )  # fmt: skip
