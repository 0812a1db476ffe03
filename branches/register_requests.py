"""The verbs by which members leave the register in a sheet: taken at once, or asked for, decided and fetched.

Up to `ALONE` rows one person takes with a reason. For more a second person, who may export the very same rows, agrees
first; then the one who asked has `VALID` to fetch them. Nothing is kept but the question: the sheet is made when it is
fetched, of what whoever asked may see by then, and holds nobody from outside the place that was agreed upon.

`members` is always what the list that was asked of shows now, as far as whoever asked may export it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from branches import audit
from branches.access import GRANTS, Action
from branches.models import Branch, CommunityMembership, Division, ExportRequest, Member, Posting, User
from branches.register_export import export
from branches.reveal import LEAST, MOST
from branches.transitions import IllegalTransition, record_event, step, told

Status = ExportRequest.Status
ALONE = 500  # rows
VALID = timedelta(hours=24)
KEEP = timedelta(days=30)  # what was asked, for whoever wonders; the audit trail keeps who, when and why
LABEL = "党员名册"

MACHINE = {
    "approve": ({Status.WAITING}, Status.APPROVED),
    "decline": ({Status.WAITING}, Status.DECLINED),
    "withdraw": ({Status.WAITING}, Status.WITHDRAWN),
    "fetch": ({Status.APPROVED}, Status.APPROVED),
}


@transaction.atomic
def take(members, *, by, reason, asked):
    """The rows of these members for a sheet, at once. `asked` says for the trail what the list was narrowed to."""
    reason = _reason(reason)
    if members.count() > ALONE:
        raise IllegalTransition(f"超过{ALONE}位，要另一位同事批准。")
    return _hand_out(members, by=by, reason=reason, filter=asked)


@transaction.atomic
def ask(members, *, by, reason, query, asked):
    """Ask for more than one person may take alone. `query` is what the address of the list says after its `?`."""
    branch, division = place(members, by)
    request = ExportRequest.objects.create(
        asked_by=by, reason=_reason(reason), query=query, rows=members.count(), branch=branch, division=division
    )
    _note(request, "ask", by=by, before="", reason=request.reason, filter=asked)
    return request


@transaction.atomic
def approve(request, members, *, by):
    request = _locked(request)
    status = step(MACHINE, "approve", request)
    _second_person(request, by)
    if members.exclude(pk__in=Member.objects.visible_to(by, Action.EXPORT).values("pk")).exists():
        raise IllegalTransition("这里面有的党员不归您管，您不能批准。请上一级的同事来批准。")
    _no_more_than_asked(request, members)
    before, request.status = request.status, status
    request.decided_by, request.decided_at = by, timezone.now()
    request.expires_at = request.decided_at + VALID
    request.save()
    _note(request, "approve", by=by, before=before)
    return request


@transaction.atomic
def decline(request, *, by, reason):
    request = _locked(request)
    status = step(MACHINE, "decline", request)
    _second_person(request, by)
    before, request.status = request.status, status
    request.decided_by, request.decided_at, request.answer = by, timezone.now(), told(reason)[:MOST]
    request.save()
    _note(request, "decline", by=by, before=before, reason=request.answer)
    return request


@transaction.atomic
def withdraw(request, *, by):
    request = _locked(request)
    status = step(MACHINE, "withdraw", request)
    _own(request, by)
    before, request.status = request.status, status
    request.save()
    _note(request, "withdraw", by=by, before=before)
    return request


@transaction.atomic
def fetch(request, members, *, by, asked):
    """The rows of what was agreed upon, for whoever asked, as often as wanted until it expires."""
    request = _locked(request)
    step(MACHINE, "fetch", request)
    _own(request, by)
    if timezone.now() >= request.expires_at:
        raise IllegalTransition("批准以后过了24小时，不能再下载了。还要的话，请重新申请。")
    _no_more_than_asked(request, members)
    branch, division = place(members, by)
    inside = Division.objects.within(request.division).filter(pk=division.pk).exists()
    if not inside or (request.branch_id and (branch is None or branch.pk != request.branch_id)):
        raise IllegalTransition("批准的不是现在这个范围。还要的话，请重新申请。")
    request.fetched_at = timezone.now()
    request.save(update_fields=["fetched_at"])
    record_event(request, "fetch", by=by, before=request.status, after=request.status)
    return _hand_out(
        members, by=by, reason=request.reason, filter=asked, request=request.pk, agreed=request.decided_by.username
    )


def over():
    """Requests that nobody needs any more."""
    return ExportRequest.objects.filter(asked_at__lt=timezone.now() - KEEP)


def deciders(request):
    """Who can be asked to decide: those who answer for the place, but for the one who asked."""
    roles = [role for role, actions in GRANTS[ExportRequest].items() if Action.CHANGE in actions]
    near = Q(division__in=[each.pk for each in _way(request.division)])
    if request.branch_id:
        near |= Q(branch=request.branch_id)
    posts = Posting.objects.current().filter(near, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).exclude(pk=request.asked_by_id)


def place(members, user):
    """(branch, division): the branch all these members are in, None where they are in several; and the smallest
    division that holds them all.
    """
    current = CommunityMembership.objects.visible_to(user).filter(
        status__in=CommunityMembership.CURRENT, member__in=members.order_by().values("pk")
    )
    branches = list(Branch.objects.filter(pk__in=current.values("branch")).select_related("division__parent__parent"))
    if not branches:
        return None, Division.objects.district()
    ways = [_way(branch.division) for branch in branches]
    common = [steps[0] for steps in zip(*ways, strict=False) if len({each.pk for each in steps}) == 1]
    return (branches[0] if len(branches) == 1 else None), common[-1]


def _way(division):
    """From the district down to the division."""
    return [*(_way(division.parent) if division.parent else ()), division]


def _hand_out(members, *, by, reason, **data):
    rows, full = export(by, members)
    audit.record(audit.Action.EXPORT, by=by, label=LABEL, reason=reason, rows=len(rows), in_full=full, **data)
    return rows


def _locked(request):
    return ExportRequest.objects.select_for_update().get(pk=request.pk)


def _second_person(request, by):
    if request.asked_by_id == by.pk:
        raise IllegalTransition("自己提出的导出，不能自己决定。请另一位同事来看。")
    if not ExportRequest.objects.visible_to(by, Action.CHANGE).filter(pk=request.pk).exists():
        raise IllegalTransition("这份申请不归您决定。")


def _own(request, by):
    if request.asked_by_id != by.pk:
        raise IllegalTransition("这份申请是别的同事提出的。")


def _no_more_than_asked(request, members):
    now = members.count()
    if now > request.rows:
        raise IllegalTransition(f"申请的是{request.rows}位，现在有{now}位，多出来了。请重新申请。")


def _reason(reason):
    reason = (reason or "").strip()
    if not LEAST <= len(reason) <= MOST:
        raise IllegalTransition(f"请写明为什么要导出，{LEAST}到{MOST}个字。")
    return reason


def _note(request, event, *, by, before, reason="", **data):
    record_event(request, event, by=by, before=before, after=request.status, reason=reason)
    audit.record(
        audit.Action.APPROVAL, by=by, subject=request, label=LABEL, reason=reason, step=event, rows=request.rows, **data
    )
