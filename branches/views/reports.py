"""The desk's report for somebody (代报到): by telephone first, so that nobody is entered twice; then who, then where.

All steps are posted to one address: what is typed belongs into no address and no log.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from branches import audit
from branches import membership as verbs
from branches.access import Action
from branches.models import Branch, CommunityMembership, Member, ResidentCompound
from branches.report_forms import LookForm, NewReportForm, ReportForm, WhoForm
from branches.views.desk import attempt, desk_page, form_page, may_report

Status = CommunityMembership.Status
TITLE = "替人报到"
LOOKED_UP = "代报到，按电话查登记过没有"


@desk_page(Action.ADD, CommunityMembership)
def report(request):
    if not may_report(request.user):
        raise PermissionDenied
    look = LookForm(request.POST or None)
    if not look.is_valid():
        lead = "党员自己来不了、不会用手机，可以请社区或者支部的人代填。组织关系还在原单位，不动。"
        return form_page(request, look, TITLE, "查一查", member=None, lead=lead)
    telephone = look.cleaned_data["telephone"]
    known = list(Member.objects.by_telephone(telephone).order_by("pk"))
    who = WhoForm(
        request.POST if "asked" in request.POST else None,
        known=[(str(member.pk), f"{member}，{standing}") for member, standing in _standing(known, request.user)],
        initial={"telephone": telephone},
    )
    if known and not who.is_valid():
        if not who.is_bound:
            _record_looking(known, request.user)
        return form_page(request, who, TITLE, "接着填", member=None, lead="这个电话登记过，看看是不是同一个人。")
    chosen = next((member for member in known if str(member.pk) == who.cleaned_data["who"]), None)
    if chosen:
        return _report(request, chosen, telephone, f"给 {chosen} 报到。")
    found = "登记的是别人" if known else "没有登记过"
    return _report(request, None, telephone, f"电话{telephone}{found}。请登记这位新来的党员。")


def _standing(members, user):
    """(member, where they stand in words) for members of one telephone; of other branches no more than that."""
    own = dict(
        CommunityMembership.objects.visible_to(user).active().filter(member__in=members).values_list("member", "branch")
    )
    rows = CommunityMembership.objects.filter(member__in=members, status__in=CommunityMembership.CURRENT)
    states = {}
    for member, status in rows.values_list("member", "status"):
        states.setdefault(member, set()).add(status)
    for member in members:
        state = states.get(member.pk, ())
        if Status.PENDING in state:
            words = "有一份报到在等确认"
        elif member.pk in own:
            words = "已经在册"
        else:
            words = "在别的支部在册，报到以后办转入" if Status.ACTIVE in state else "登记过，现在不在册"
        yield member, words


def _record_looking(known, user):
    """That a telephone belongs to a member of another branch is something told: it is kept who was told."""
    visible = set(
        Member.objects.visible_to(user).filter(pk__in=[each.pk for each in known]).values_list("pk", flat=True)
    )
    for member in known:
        if member.pk not in visible:
            audit.record(audit.Action.REVEAL, by=user, subject=member, reason=LOOKED_UP, fields=["registered"])


def _report(request, member, telephone, lead):
    """The last step: the form that fits, and the verb."""
    branches = Branch.objects.where_granted(request.user, Action.ADD, CommunityMembership).active()
    compounds = ResidentCompound.objects.where_granted(request.user, Action.ADD, CommunityMembership)
    compounds = compounds.filter(is_archived=False).select_related("division")
    steps = {"telephone": telephone, "asked": "1", "who": member.pk if member else WhoForm.NEW}
    form = (ReportForm if member else NewReportForm)(
        request.POST if "home_unit" in request.POST else None, branches=branches, compounds=compounds, initial=steps
    )
    if form.is_bound and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name not in ("asked", "who")}
        given |= {"telephone": telephone, "by": request.user}
        made = _made(form, member, given)
        if made is not None:
            messages.success(request, f"{made.member} 的报到记下了。请另一位同事核对以后确认。")
            return redirect("desk:waiting")
    return form_page(request, form, TITLE, "记下报到", member=None, lead=lead)


def _made(form, member, given):
    branch = given.pop("branch")
    if member is None:
        return attempt(form, verbs.report_new, branch, **given)
    del given["telephone"]
    return attempt(form, verbs.report, member, branch, **given)
