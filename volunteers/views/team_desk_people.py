"""The desk about one volunteer: the full name and telephone, a code on a card, the hours on paper. Each is logged."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views.desk import attempt
from config.site import address_of
from homes.views.pages import qr
from volunteers import people, teams
from volunteers.models import Volunteer
from volunteers.team_forms import FullForm
from volunteers.views.own_service import statement_of
from volunteers.views.team_desk import crumbs, own_membership, posted, step_page, team_page


@team_page(Action.REVEAL, Volunteer)
def full(request, pk):
    """Ask for name and telephone with a reason; the answer shows them, once."""
    membership = own_membership(request, pk, Action.REVEAL)
    volunteer, form = membership.volunteer, FullForm(posted(request))
    if request.method == "POST" and form.is_valid():
        shown = attempt(form, people.reveal, [volunteer], people.FIELDS, by=request.user, **form.cleaned_data)
        if shown is not None:
            facts = shown[volunteer.pk]
            context = {"membership": membership, "team": membership.team, "crumbs": crumbs(request, membership.team)}
            return render(request, "desk/teams/full.html", context | facts)
    return step_page(request, membership.team, form, f"看 {volunteer} 的姓名和电话", "看一次")


@team_page(Action.CHANGE, Volunteer)
def code(request, pk):
    """Give a new code, on a card to print: it is shown in the answer, once."""
    membership = own_membership(request, pk)
    if request.method == "POST":
        try:
            given = teams.new_code(membership.volunteer, by=request.user)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
            return redirect("volunteers:desk_team", membership.team_id)
        address = address_of(request) + reverse("volunteers:own")
        context = {"membership": membership, "code": given, "address": address, "qr": qr(address)}
        return render(request, "desk/teams/card.html", context)
    context = {"membership": membership, "team": membership.team, "crumbs": crumbs(request, membership.team)}
    return render(request, "desk/teams/code.html", context)


@team_page(Action.REVEAL, Volunteer)
def hours(request, pk):
    """The hours of this year on paper, under the full name."""
    membership = own_membership(request, pk, Action.REVEAL)
    volunteer, form = membership.volunteer, FullForm(posted(request))
    if request.method == "POST" and form.is_valid():
        shown = attempt(form, people.reveal, [volunteer], ["name"], by=request.user, **form.cleaned_data)
        if shown is not None:
            back = reverse("volunteers:desk_team", args=[membership.team_id])
            context = statement_of(volunteer, request.GET.get("year", "")) | {"back_url": back}
            return render(request, "volunteers/hours.html", context | shown[volunteer.pk])
    lead = "印的是今年到今天的，写着全名，给本人。"
    return step_page(request, membership.team, form, f"打印 {volunteer} 的服务时间", "打印", lead=lead)
