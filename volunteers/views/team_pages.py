"""The public pages of teams: which there are, what each does, and asking to join. Never the name of anybody in them."""

from django.core.paginator import Paginator
from django.db.models import CharField, F, IntegerField, Value
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from branches.models import Division
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT
from branches.views.pages import in_words
from config.caching import public_page, remember
from config.limits import limited_page
from config.personal import personal
from volunteers import teams as verbs
from volunteers.forms import JoinForm
from volunteers.models import Shift, Team, TeamKind
from volunteers.standing import with_deeds, with_people, with_room

PAGE_SIZE = 30
UPCOMING = 10  # shifts told on a team's page
TITLES = {"kind": "种类", "street": "街道"}


def choices():
    """What the list can be narrowed by: {name: {value: label}}. One question, until something lasting is edited."""
    return remember("team choices", _read_choices, lasting=True)


def _read_choices():
    asked = (
        ("kind", TeamKind.objects.in_use(), F("slug"), F("order")),
        ("street", Division.objects.filter(level="street"), F("code"), Value(0, IntegerField())),
    )
    rows = [
        found.order_by().annotate(choice=Value(name, CharField()), place=place, key=key)
        .values_list("choice", "place", "key", "name")
        for name, found, key, place in asked
    ]  # fmt: skip
    offered = {name: {} for name in TITLES}
    for name, _, value, label in sorted(rows[0].union(*rows[1:], all=True).order_by()):
        offered[name][value] = label
    return offered


@require_safe
@public_page
def teams(request):
    """All teams under the homes they belong to, narrowed by kind and street."""
    offered = choices()
    wish = {name: request.GET.get(name, "")[:60].replace("\0", "") for name in TITLES}
    rows = Team.objects.public().select_related("home__division__parent", "kind")
    if wish["kind"]:
        rows = rows.filter(kind__slug=wish["kind"])
    if wish["street"]:
        rows = rows.in_street(wish["street"])
    page = Paginator(with_people(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    homes = {}
    for team in page.object_list:
        team.how_many = in_words(team.people, "人")
        homes.setdefault(team.home, []).append(team)
    context = {
        "page": page,
        "homes": list(homes.items()),
        "wish": wish,
        "choices": [
            {"name": name, "title": title, "options": list(offered[name].items()), "value": wish[name]}
            for name, title in TITLES.items()
        ],
        "chosen": [
            (offered[name].get(wish[name], f"没有这个{title}"), {name: None})
            for name, title in TITLES.items()
            if wish[name]
        ],
    }
    return render(request, "volunteers/teams/list.html", context)


@require_safe
@public_page
def team(request, slug):
    """What one team does, did, and has before it."""
    rows = with_deeds(with_people(Team.objects.public())).select_related("home__division__parent", "kind")
    found = get_object_or_404(rows, slug=slug)
    coming = Shift.objects.filter(
        duty__team=found, duty__is_archived=False, status=Shift.Status.PLANNED, starts_at__gt=timezone.now()
    )
    context = {
        "team": found,
        "shifts": list(with_room(coming).select_related("duty").order_by("starts_at", "pk")[:UPCOMING]),
        "counts": [
            ("在队的人", in_words(found.people, "人")),
            ("两年来办成的事", f"{found.solved}件"),
            ("两年来值过的班", f"{found.stood}班"),
        ],
    }
    return render(request, "volunteers/teams/team.html", context)


@personal("GET", "HEAD", "POST")
def join(request, slug):
    """Ask to be taken in: a name and a telephone are enough. The answer is the same for whoever is in it already."""
    found = get_object_or_404(Team.objects.public().select_related("home"), slug=slug)
    form = JoinForm(request.POST if request.method == "POST" else None, request=request)
    status = 200
    if request.method == "POST" and form.is_valid() and form.counts():
        try:
            verbs.ask(found, **form.given())
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
            status = CONFLICT
        else:
            return redirect("volunteers:asked", slug=slug)
    form.fold()
    return limited_page(request, "volunteers/teams/join.html", {"team": found, "form": form}, status)


@require_safe
@public_page
def asked(request, slug):
    """What happens next, after somebody has asked to join."""
    found = get_object_or_404(Team.objects.public().select_related("home"), slug=slug)
    return render(request, "volunteers/teams/asked.html", {"team": found})
