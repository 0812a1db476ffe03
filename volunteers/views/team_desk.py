"""/desk/teams/: the teams of one's homes, and the people of one: who is in it, who asks, who leads it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from branches.access import Action, allowed
from branches.masking import mask_telephone
from branches.models import Member
from branches.views.desk import Section, add_section, attempt, way_in
from branches.views.desk_posting import form_page, kept_page, may, own
from branches.waiting import part_named
from volunteers import teams as verbs
from volunteers.models import Duty, Shift, ShiftPlace, Team, TeamMembership, Volunteer
from volunteers.team_forms import CaptainForm, EnterForm, LetGoForm, ReasonForm, SinceForm
from volunteers.what_waits import team_parts, with_people

Status = TeamMembership.Status
add_section(Section("志愿服务队", "volunteers:desk_teams", Team, "队伍、队员、排班，谁来谁没来。"))


def team_page(action=Action.VIEW, model=Team, **kwargs):
    return kept_page(action, model, **kwargs)


def posted(request):
    return request.POST if request.method == "POST" else None


def crumbs(request, team=None):
    """The way to a page of the desk: [(label, url)], through the team's page where it is about one."""
    way = way_in(request.user)
    way.append(("志愿服务队", reverse("volunteers:desk_teams")))
    if team is not None:
        way.append((team.name, address(team)))
    return way


def address(team):
    return reverse("volunteers:desk_team", args=[team.pk])


def own_team(request, pk, action=Action.VIEW):
    """The team where this user may perform `action`; else a missing page."""
    return own(request, Team, pk, action, Team.objects.select_related("home", "kind", "captain"))


def own_membership(request, pk, action=Action.CHANGE):
    rows = TeamMembership.objects.select_related("team__home", "team__captain", "volunteer")
    return own(request, TeamMembership, pk, action, rows)


def step_page(request, team, form, title, button, **context):
    """The page of one form about a team."""
    return form_page(request, form, title, button, back=address(team), way=crumbs(request, team), **context)


def took(request, form, step):
    """Whether the form was sent, made sense, and `step(what was filled in)` was taken; else it says why not."""
    return request.method == "POST" and form.is_valid() and attempt(form, step, form.cleaned_data) is not None


@team_page(methods=("GET", "HEAD"))
def teams(request):
    """The teams of the homes this user answers for, under each home; or those about which there is something to do."""
    part = part_named(team_parts(request.user), request.GET.get("part"))
    rows = part.rows if part else with_people(Team.objects.visible_to(request.user).filter(is_archived=False))
    homes = {}
    for team in rows.select_related("home", "kind", "captain").order_by("home__division__code", "home", "name"):
        homes.setdefault(team.home, []).append(team)
    context = {
        "homes": list(homes.items()),
        "part": part,
        "sees_rota": allowed(request.user, Action.CHANGE, ShiftPlace),
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "desk/teams/list.html", context)


@team_page(methods=("GET", "HEAD"))
def team(request, pk):
    """One team: who asks, who is in it, what it does."""
    found, user = own_team(request, pk), request.user
    rows = TeamMembership.objects.visible_to(user).filter(team=found, status__in=TeamMembership.CURRENT)
    people = list(rows.select_related("volunteer").order_by("since", "pk"))
    for row in people:
        row.telephone = mask_telephone(row.volunteer.telephone)
        row.is_captain = row.volunteer_id == found.captain_id
    coming = Shift.objects.filter(duty__team=found, status=Shift.Status.PLANNED, ends_at__gt=timezone.now())
    context = {
        "team": found,
        "asks": [row for row in people if row.status == Status.ASKED],
        "people": [row for row in people if row.status == Status.ACTIVE],
        "duties": Duty.objects.filter(team=found, is_archived=False).order_by("begins"),
        "next": coming.order_by("starts_at").first(),
        "may_change": may(request, found, Action.CHANGE) and not found.is_archived,
        "may_reveal": allowed(user, Action.REVEAL, Volunteer),
        "crumbs": crumbs(request),
    }
    return render(request, "desk/teams/team.html", context)


@team_page(Action.ADD, TeamMembership)
def enter(request, pk):
    """Put somebody into the team. Whoever stands in the register under this name and telephone is that member."""
    found = own_team(request, pk, Action.CHANGE)
    form = EnterForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        known = Member.objects.visible_to(request.user).by_telephone(given["telephone"])
        member = known.filter(name=given["name"]).first()
        who = {"member": member} if member else {"name": given["name"], "telephone": given["telephone"]}
        membership = attempt(form, verbs.enter, found, by=request.user, on=given["on"], **who)
        if membership is not None:
            messages.success(request, f"{membership.volunteer} 进队了。给一个志愿者码，就能自己看值班和接单。")
            return redirect("volunteers:desk_team", pk)
    lead = f"{found.home.name}。先问过本人，同意了再登记。"
    return step_page(request, found, form, f"登记一位队员（{found.name}）", "登记", lead=lead)


def _membership_step(request, pk, verb, form, title, button, done, *, start, lead="", kind="go"):
    """The page of one step of a membership; whoever it does not fit any more is missing."""
    membership = own_membership(request, pk)
    if membership.status != start and request.method != "POST":
        raise Http404
    if took(request, form, lambda given: verb(membership, by=request.user, **given)):
        messages.success(request, done.format(membership.volunteer))
        return redirect("volunteers:desk_team", membership.team_id)
    title = title.format(membership.volunteer)
    return step_page(request, membership.team, form, title, button, lead=lead, kind=kind)


@team_page(Action.CHANGE, TeamMembership)
def take_in(request, pk):
    return _membership_step(
        request, pk, verbs.take_in, SinceForm(posted(request)), "收下 {}", "收下", "收下了 {}。", start=Status.ASKED
    )


@team_page(Action.CHANGE, TeamMembership)
def decline(request, pk):
    return _membership_step(
        request, pk, verbs.decline, ReasonForm(posted(request)), "不收 {}", "不收", "{} 这次没有收，请打电话说一声。",
        start=Status.ASKED, kind="act",
    )  # fmt: skip


@team_page(Action.CHANGE, TeamMembership)
def let_go(request, pk):
    return _membership_step(
        request, pk, verbs.let_go, LetGoForm(posted(request)), "{} 离队", "离队", "{} 离队了。",
        start=Status.ACTIVE, lead="以后的班都空出来；不在别的队的，手上的求助单也收回来。", kind="act",
    )  # fmt: skip


@team_page(Action.CHANGE)
def captain(request, pk):
    """Name the captain, or nobody."""
    found = own_team(request, pk, Action.CHANGE)
    active = TeamMembership.objects.active().filter(team=found)
    people = Volunteer.objects.filter(pk__in=active.values("volunteer"))
    form = CaptainForm(posted(request), people=people, initial={"captain": found.captain_id})
    if took(request, form, lambda given: verbs.set_captain(found, given["captain"], by=request.user)):
        messages.success(request, "记下了。")
        return redirect("volunteers:desk_team", pk)
    lead = "队长收人、排班；只有在队的人能当。"
    return step_page(request, found, form, f"{found.name}的队长", "存下来", lead=lead)


@team_page(Action.CHANGE)
def archive(request, pk):
    """End the team."""
    found = own_team(request, pk, Action.CHANGE)
    form = ReasonForm(posted(request))
    if took(request, form, lambda given: verbs.archive(found, by=request.user, **given)):
        messages.success(request, f"{found.name}归档了。")
        return redirect("volunteers:desk_teams")
    lead = "队员都离队，以后的班都取消，居民看不到这支队伍了。做过的事和服务时间都留着。"
    return step_page(request, found, form, f"归档{found.name}", "归档", lead=lead, kind="act")
