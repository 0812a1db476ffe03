"""The captain's part of /volunteer/: who asks to join, to be rung up, taken in or declined; and a code for the new one.

Name and telephone of whoever asks are open to the captain while the question is; every look is in the audit trail.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from branches import audit
from branches.transitions import IllegalTransition
from volunteers import teams
from volunteers.forms import DeclineForm
from volunteers.models import TeamMembership
from volunteers.views.own_page import volunteer_page

CONFLICT = 409
Status = TeamMembership.Status


def _asked(captain, pk):
    rows = TeamMembership.objects.filter(team__captain=captain).select_related("team", "volunteer")
    return get_object_or_404(rows, pk=pk, status__in=TeamMembership.CURRENT)


@volunteer_page("GET", "HEAD", "POST")
def ask(request, captain, pk):
    """Somebody who asks: ring them up, then say yes or no."""
    membership = _asked(captain, pk)
    if request.method == "POST":
        try:
            teams.take_in(membership, by=captain)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
            return redirect("volunteers:own")
        messages.success(request, f"收下了。欢迎{membership.volunteer.name}。")
        return redirect("volunteers:own_code", pk=pk)
    if membership.status != Status.ASKED:
        return redirect("volunteers:own_code", pk=pk)
    person = membership.volunteer
    audit.record(audit.Action.REVEAL, by=captain, subject=person, reason="队长看报名", fields=["name", "telephone"])
    context = {"volunteer": captain, "membership": membership, "person": person, "skills": list(person.skills.all())}
    return render(request, "volunteers/own/ask.html", context)


@volunteer_page("GET", "HEAD", "POST")
def decline(request, captain, pk):
    """Say no, and why."""
    membership = _asked(captain, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            teams.decline(membership, by=captain, reason=form.cleaned_data["reason"])
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "记下了，这次没有收。请打个电话说一声。")
            return redirect("volunteers:own")
    context = {"volunteer": captain, "membership": membership, "form": form}
    status = CONFLICT if form.is_bound and form.non_field_errors() else 200
    return render(request, "volunteers/own/decline.html", context, status=status)


@volunteer_page("GET", "HEAD", "POST")
def code(request, captain, pk):
    """Give somebody of the team a code for their page; it is shown in the answer, once."""
    membership, given = _asked(captain, pk), ""
    if request.method == "POST":
        try:
            given = teams.new_code(membership.volunteer, by=captain)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
            return redirect("volunteers:own")
    return render(request, "volunteers/own/code.html", {"volunteer": captain, "membership": membership, "code": given})
