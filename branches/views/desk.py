"""/desk/: what a branch has to do today, and what all pages of the desk share.

Pages of the desk hold personal data: for those whose posts allow it, never stored anywhere, masked.
"""

from functools import wraps
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from branches.access import Action, allowed
from branches.counted import Pages
from branches.models import Branch, CareVisit, CommunityMembership, GroupPlacement, Member, Pairing
from branches.transitions import IllegalTransition
from branches.waiting import lines_for

SHOWN = 30  # rows of a list
CONFLICT = 409
SECTIONS = []  # further parts of the desk, added by the apps they belong to
never_stored = cache_control(private=True, no_store=True)


class Section(NamedTuple):
    """A part of the desk that another app has: `address` names it, those who may perform `action` on `model` somewhere
    are led there."""

    label: str
    address: str
    model: type
    sentence: str
    action: Action = Action.VIEW


def add_section(section):
    SECTIONS.append(section)


def sections_of(user):
    """The further parts of the desk that this user may open."""
    return [section for section in SECTIONS if allowed(user, section.action, section.model)]


def way_in(user):
    """The way to any page of the desk: [(label, url)] of the first page, for those who have one."""
    if allowed(user, Action.VIEW, Member):
        return [("支部工作台", reverse("desk:today"))]
    return [("工作台", reverse("desk:today"))] if len(sections_of(user)) > 1 else []


def desk_page(action=Action.VIEW, model=Member, methods=("GET", "HEAD", "POST")):
    """A page of the desk for those who may perform `action` on records of `model` somewhere.

    One that only takes a form leads whoever just opens its address to the page the form is on, one step up.
    """

    def decorate(view):
        @never_stored
        @login_required
        @require_http_methods({*methods, "GET"})
        @wraps(view)
        def page(request, *args, **kwargs):
            if not allowed(request.user, action, model):
                raise PermissionDenied
            if request.method not in methods:  # where the log-in leads after a form met an expired session
                return redirect("../")
            return view(request, *args, **kwargs)

        return page

    return decorate


def attempt(form, verb, *args, **given):
    """What the verb returns; None where it refused, with its sentence at the top of the form."""
    try:
        return verb(*args, **given)
    except IllegalTransition as refusal:
        form.add_error(None, str(refusal))
        return None


def crumbs(member=None):
    """The way to a page of the desk: [(label, url)], through the member's page where it is about one."""
    way = [("支部工作台", reverse("desk:today"))]
    if member is not None:
        way.append((str(member), reverse("desk:member", args=[member.pk])))
    return way


def form_page(request, form, title, button, *, member, **context):
    """The page of one form about a member: 409 where the verb refused it, so that nothing takes it for done."""
    refused = form.is_bound and bool(form.non_field_errors())
    way = crumbs(member)
    context |= {"form": form, "title": title, "button": button, "crumbs": way, "back": way[-1][1]}
    return render(request, "desk/form.html", context, status=CONFLICT if refused else 200)


def may_report(user):
    """Whether this user may make a report for somebody (代报到)."""
    return allowed(user, Action.ADD, CommunityMembership) and allowed(user, Action.ADD, Member)


def due_pairs(user):
    """The pairs this user looks after that are due, with what a list says of them, the longest overdue first."""
    pairs = Pairing.objects.visible_to(user).due()
    return pairs.select_related("member__building__compound", "carer")


def overdue_words(pairing, today):
    """How long a visit has been due: 今天该去了, 过了6天, 过了3个多月."""
    days = (today - pairing.next_visit_on).days
    if days == 0:
        return "今天该去了"
    return f"过了{days}天" if days < 60 else f"过了{days // 30}个多月"


@never_stored
@login_required
@require_safe
def today(request):
    """The first page: what waits for whoever reads it, and the way to every part of the desk they have."""
    user = request.user
    sections = sections_of(user)
    sees_members = allowed(user, Action.VIEW, Member)
    if not sees_members and not sections:
        return render(request, "desk/not_yours.html", status=403)
    if not sees_members and len(sections) == 1:
        return redirect(sections[0].address)
    context = {
        "today": timezone.localdate(),
        "sections": sections,
        "waiting": _elsewhere(lines_for(user)),
        "sees_members": sees_members,
    }
    return render(request, "desk/today.html", context | (_of_branches(user) if sees_members else {}))


def _elsewhere(lines):
    """Without what this page itself lists."""
    here = f"{reverse('desk:today')}#"
    return lines if lines is None else [line for line in lines if not line.url.startswith(here)]


def _of_branches(user):
    """The secretary's part of it: who should be visited, how many are where."""
    date = timezone.localdate()
    pairs = list(due_pairs(user)[: SHOWN + 1]) if allowed(user, Action.VIEW, Pairing) else None
    for pairing in pairs or ():
        pairing.overdue = overdue_words(pairing, date)
    upcoming = Pairing.objects.visible_to(user).running().select_related("member") if pairs == [] else ()
    return {
        "branches": list(Branch.objects.visible_to(user).active()[:2]),
        "pairs": pairs and pairs[:SHOWN],
        "due": due_pairs(user).count() if pairs and len(pairs) > SHOWN else len(pairs or ()),
        "next": upcoming.first() if upcoming else None,
        "sees_pairs": pairs is not None,
        "may_log": allowed(user, Action.ADD, CareVisit),
        "may_report": may_report(user),
        "may_print": allowed(user, Action.REVEAL, Member),
        "counts": _counts(user),
    }


def _counts(user):
    """How many are in a group, and how many are not; with `more`, at least so many."""
    placed = GroupPlacement.objects.current().filter(membership=OuterRef("pk"))
    members = CommunityMembership.objects.visible_to(user).active().annotate(in_group=Exists(placed))
    counted = members.order_by()[: Pages.MOST].aggregate(
        active=Count("pk"), placed=Count("pk", filter=Q(in_group=True)), unplaced=Count("pk", filter=Q(in_group=False))
    )
    return counted | {"more": counted["active"] == Pages.MOST}
