"""Whom to ask first: those who can do it and are free then; the near ones, and of these who was asked longest ago.

One question to the database, whatever the number of volunteers; nobody is scored.
"""

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone

from branches import telephones
from branches.models import Division
from volunteers import busy
from volunteers.models import Assignment, Team, TeamMembership, Volunteer
from volunteers.models.team import part_bit

SAME_COMPOUND, SAME_COMMUNITY, SAME_STREET = range(3)
NEARNESS = {SAME_COMPOUND: "同一个小区", SAME_COMMUNITY: "同一个社区", SAME_STREET: "同一个街道"}
SHOWN = 20
NOT_AGAIN = (*Assignment.LIVE, Assignment.Status.DECLINED)  # of the same order


def candidates(order, visit_at, ends_at):
    """Volunteers who may be asked to do `order` at that time, best first, with `nearness` (a key of NEARNESS).

    Left out: who lacks the skill, is not free at that hour of the week, has something else then, was asked for
    this order and has not answered or said no, or is in no team of the street.
    """
    street = street_of(order)
    said = Assignment.objects.filter(order=order, volunteer=OuterRef("pk"), status__in=NOT_AGAIN)
    in_street = TeamMembership.objects.active().filter(_in_street("team__home__division", street))
    rows = Volunteer.objects.filter(pk__in=in_street.values("volunteer"))
    if order.category.skill_id:
        rows = rows.filter(skills=order.category.skill_id)
    bit = part_bit(timezone.localtime(visit_at))
    rows = rows.alias(then=F("free_times").bitand(bit)).filter(Q(free_times=0) | Q(then__gt=0))
    rows = rows.exclude(Exists(said))
    rows = busy.free(rows, visit_at, ends_at)
    return rows.annotate(nearness=_nearness(order)).order_by("nearness", F("last_asked_at").asc(nulls_first=True), "pk")


def reachable(order, user):
    """Everybody whom `user` may ask to do `order`, on the list or not: in a team of the street, or of theirs."""
    in_street = TeamMembership.objects.active().filter(_in_street("team__home__division", street_of(order)))
    own = Volunteer.objects.visible_to(user).active()
    return Volunteer.objects.filter(Q(pk__in=in_street.values("volunteer")) | Q(pk__in=own.values("pk")))


def teams(order, user):
    """The teams whose people `user` may call to do `order`: of the street, or of theirs, with somebody in them."""
    near = Team.objects.filter(_in_street("home__division", street_of(order)))
    own = Team.objects.visible_to(user)
    rows = Team.objects.filter(Q(pk__in=near.values("pk")) | Q(pk__in=own.values("pk")))
    return rows.filter(pk__in=TeamMembership.objects.active().values("team"))


def found(order, user, text):
    """Those of them by this name (or a part of it) or telephone."""
    text, rows = text.strip(), reachable(order, user)
    if len(telephones.digits(text)) >= telephones.LEAST:
        return rows.by_telephone(text)
    return rows.filter(name__icontains=text).order_by("name", "pk") if text else rows.none()


def for_list(volunteers):
    """With the teams they are in now."""
    current = TeamMembership.objects.active().select_related("team").order_by("pk")
    return volunteers.prefetch_related(Prefetch("memberships", current, to_attr="in_teams"))


def street_of(order):
    """The street whose teams may be asked; the whole district where only that is known."""
    division = order.division
    if division.level == Division.Level.DISTRICT and order.branch is not None:
        division = order.branch.division
    return division.street or division


def _in_street(path, street):
    return Q(**{path: street}) | Q(**{f"{path}__parent": street}) | Q(**{f"{path}__parent__parent": street})


def _nearness(order):
    whens = [When(division=order.division_id, then=Value(SAME_COMMUNITY))]
    if order.compound_id:
        whens.insert(0, When(compound=order.compound_id, then=Value(SAME_COMPOUND)))
    return Case(*whens, default=Value(SAME_STREET))
