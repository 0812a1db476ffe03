"""The desk's pages about members: the list, one member, what is revealed, and the year."""

from itertools import groupby

from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from branches.access import Action, allowed
from branches.counted import Pages
from branches.forms import RevealForm, SearchForm
from branches.masking import HIDDEN, mask_address, mask_telephone
from branches.models import (
    Branch,
    CareClass,
    CareVisit,
    CommunityMembership,
    Division,
    GroupPlacement,
    Member,
    Pairing,
    PartyGroup,
)
from branches.reveal import open_to, reveal
from branches.views.desk import SHOWN, attempt, crumbs, desk_page, form_page

Status = CommunityMembership.Status
MANY = 100  # branches in one list; of more, those of a street
LONGEST_KEY = 18  # digits
RECENT = 5  # visits told on a member's page
FIRST_YEAR = 2000


def listed(memberships):
    """Memberships with what a row of the list says."""
    current = GroupPlacement.objects.current().select_related("group")
    return memberships.select_related("member__building__compound", "branch", "lives_in").prefetch_related(
        Prefetch("placements", current, to_attr="current_placements")
    )


@desk_page()
def members(request):
    """The active members, masked, narrowed by branch and group; or, posted, those of a name or a telephone."""
    own = CommunityMembership.objects.visible_to(request.user)
    known, streets, street = Branch.objects.visible_to(request.user).active(), [], None
    branches = list(known[: MANY + 1])
    if len(branches) > MANY:
        streets = list(Division.objects.visible_to(request.user).streets().defer("outline"))
        street = next((each for each in streets if each.code == request.GET.get("street")), None)
        branches = list(known.filter(known.in_areas({street.pk}))) if street else []
    branch = branches[0] if len(branches) == 1 and not street else _branch(known, request.GET.get("branch", ""))
    groups = PartyGroup.objects.visible_to(request.user).filter(branch=branch, is_archived=False) if branch else ()
    context = {
        "streets": streets,
        "street": street,
        "branches": branches if len(branches) > 1 or street else [],
        "branch": branch,
        "groups": list(groups),
        "crumbs": crumbs(),
    }
    if request.method == "POST":
        context |= _found(request, own)
    else:
        active = own.active().filter(own.in_areas({street.pk})) if street and not branch else own.active()
        context |= _browsed(request, active, branch, context["groups"])
    return render(request, "desk/members.html", context)


def _branch(known, pk):
    return known.filter(pk=pk).first() if pk.isdecimal() and len(pk) <= LONGEST_KEY else None


def _chosen(rows, pk):
    return next((row for row in rows if str(row.pk) == pk), None)


def _browsed(request, memberships, branch, groups):
    group = request.GET.get("group", "")
    chosen = _chosen(groups, group)
    if branch is not None:
        memberships = memberships.filter(branch=branch)
    placed = GroupPlacement.objects.current()
    if chosen is not None:
        memberships = memberships.filter(pk__in=placed.filter(group=chosen).values("membership"))
    elif group in ("any", "none"):
        condition = Exists(placed.filter(membership=OuterRef("pk")))
        memberships = memberships.filter(condition if group == "any" else ~condition)
    pages = Pages(memberships, SHOWN)
    # door by door, as they are walked; more than anybody walks are not put in that order, but come branch by branch
    pages.object_list = listed(memberships).order_by(*(("branch_id",) if pages.is_cut else ("member__building",)), "pk")
    page = pages.get_page(request.GET.get("page"))
    narrowed = group if chosen or group in ("any", "none") else ""
    return {"page": page, "rows": page.object_list, "group": narrowed, "total": pages.count, "cut": pages.is_cut}


def _found(request, memberships):
    """Who has this name, or this telephone; also those who wait to be confirmed."""
    form = SearchForm(request.POST)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    known = Member.objects.named(asked).values("pk")
    memberships = memberships.filter(member__in=known, status__in=CommunityMembership.CURRENT)
    rows = list(listed(memberships).order_by("member__building", "pk")[: SHOWN + 1])
    return {"asked": asked, "searched": True, "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "total": len(rows)}


def own_member(request, pk):
    """The member, if this user may see them: with everything their page names."""
    rows = Member.objects.visible_to(request.user).select_related(
        "building__compound", "compound__division", "enterprise"
    )
    return get_object_or_404(rows, pk=pk)


@desk_page(methods=("GET", "HEAD"))
def member(request, pk):
    found, user = own_member(request, pk), request.user
    memberships = listed(CommunityMembership.objects.visible_to(user).filter(member=found))
    membership = memberships.filter(status__in=CommunityMembership.CURRENT).order_by("status").first()
    changeable = CommunityMembership.objects.visible_to(user, Action.CHANGE)
    sees_care = allowed(user, Action.VIEW, Pairing)
    visits = CareVisit.objects.visible_to(user).filter(member=found).select_related("logged_by")
    pairs = Pairing.objects.visible_to(user).running().filter(member=found).select_related("carer")
    active = found.memberships.active()
    held = membership is not None and membership.status == Status.ACTIVE
    care_class = CareClass.objects.filter(slug=found.care_class).first() if held and found.care_class else None
    return render(
        request,
        "desk/member.html",
        {
            "member": found,
            "telephone": mask_telephone(found.telephone),
            "address": mask_address(found.address, found.compound.division if found.compound else None),
            "contact": HIDDEN if held and found.contact else "",
            "care_class": care_class,
            "membership": membership,
            "held": held,
            "may_change": membership is not None and changeable.filter(pk=membership.pk).exists(),
            "pairs": pairs,
            "visits": visits[:RECENT],
            "sees_care": sees_care,
            "may_care": active.where_granted(user, Action.ADD, CareVisit).exists(),
            "may_read": active.where_granted(user, Action.REVEAL, CareVisit).exists(),
            "open": open_to(user, found),
            "today": timezone.localdate(),
            "crumbs": [*crumbs(), ("党员", reverse("desk:members"))],
        },
    )


@desk_page(Action.REVEAL)
def full(request, pk):
    """Ask for a telephone or an address with a reason; the answer to that shows it, once."""
    found = own_member(request, pk)
    fields = open_to(request.user, found)
    if not fields:
        raise Http404
    form = RevealForm(request.POST or None, fields=fields, initial={"fields_wanted": request.GET.getlist("field")})
    shown = None
    if request.method == "POST" and form.is_valid():
        shown = attempt(form, reveal, [found], form.cleaned_data["fields_wanted"], by=request.user,
                        reason=form.cleaned_data["reason"])  # fmt: skip
    if shown is None:
        return form_page(request, form, f"看 {found} 的完整信息", "看一次", member=found)
    labels = dict(form.fields["fields_wanted"].choices)
    facts = [(name, labels[name], value) for name, value in shown[found.pk].items()]
    return render(request, "desk/revealed.html", {"member": found, "facts": facts, "crumbs": crumbs(found)})


@desk_page(Action.VIEW, CareVisit, methods=("GET", "HEAD"))
def year(request, pk):
    """When somebody was there in a year, month by month. Only what happened: no counts to be compared."""
    found, this_year = own_member(request, pk), timezone.localdate().year
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) == len("2026") else this_year
    chosen = min(max(chosen, FIRST_YEAR), this_year)
    visits = CareVisit.objects.visible_to(request.user).filter(member=found, visited_on__year=chosen)
    by_month = {
        month: list(there)
        for month, there in groupby(visits.order_by("visited_on", "pk"), key=lambda visit: visit.visited_on.month)
    }
    last = timezone.localdate().month if chosen == this_year else 12
    return render(
        request,
        "desk/year.html",
        {
            "member": found,
            "year": chosen,
            "months": [(month, by_month.get(month, [])) for month in range(1, last + 1)],
            "before": chosen - 1 if chosen > FIRST_YEAR else None,
            "after": chosen + 1 if chosen < this_year else None,
        },
    )
