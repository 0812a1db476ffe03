"""The verbs of a community project (states.md 3.6). Only this module writes `CommunityProject.status`.

The result of a consultation is recorded as the paper says it; whether it suffices is not for a computer to judge. No
money is taken here: what came in and went out elsewhere is written down by homes/bookkeeping.py.
"""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from branches import steps
from branches.public_words import found_in
from branches.steps import correction, held, move, standing_steps, take, user_of
from branches.transitions import IllegalTransition, not_later_than_today, step, told
from homes.models import CommunityProject, Milestone, ProjectPhoto, ProjectUpdate
from homes.public_facts import names_household

Status = CommunityProject.Status

# event: (states it may start from, state or states it ends in; None: it stays)
TRANSITIONS = {
    "propose": ({""}, Status.PROPOSED),
    "open_consult": ({Status.PROPOSED}, Status.CONSULTING),
    "record_result": ({Status.CONSULTING}, {Status.AGREED, Status.NOT_AGREED}),
    "open_funding": ({Status.AGREED}, Status.FUNDING),
    "start": ({Status.FUNDING}, Status.BUILDING),
    "accept": ({Status.BUILDING}, Status.ACCEPTED),
    "pause": ({Status.FUNDING, Status.BUILDING}, Status.PAUSED),
    "resume": ({Status.PAUSED}, {Status.FUNDING, Status.BUILDING}),
    "ask_cancel": (
        {Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING, Status.BUILDING, Status.PAUSED}, None,
    ),
    "cancel": (
        {Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING, Status.BUILDING, Status.PAUSED},
        Status.CANCELLED,
    ),
}  # fmt: skip
PLANNED_IN = (Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING, Status.BUILDING)
SIDES = ("for", "against", "absent")


@transaction.atomic
def propose(*, by, **fields):
    """A new project of a home; not public before the neighbours are asked."""
    project = CommunityProject(status="", **fields)
    _public(project.name, project.lead, project.scope, project.plan, project.story)
    return move(project, "propose", Status.PROPOSED, by=by)


@transaction.atomic
def write(project, *, by, version=None, **fields):
    """Change the words about it. What neighbours were asked about stays once they have been asked."""
    project = held(project, version)
    asked = {"scope", "cost_low", "cost_high", "consult_until"}
    if project.status != Status.PROPOSED and any(
        name in asked and value != getattr(project, name) for name, value in fields.items()
    ):
        raise IllegalTransition("已经拿去征询了，做什么、要多少钱、征询到哪天不能再改。")
    _public(*(value for value in fields.values() if isinstance(value, str)))
    return move(project, "write", project.status, by=by, **fields)


@transaction.atomic
def open_consult(project, *, by, version=None):
    """Ask the neighbours: from now on everybody can read what it is about."""
    project = _begin("open_consult", project, version)
    needed = {
        "做什么": project.scope, "怎么做": project.plan, "大约要多少钱": project.cost_low is not None,
        "最多要多少钱": project.cost_high is not None, "征询到哪天": project.consult_until,
    }  # fmt: skip
    if lacking := [name for name, value in needed.items() if not value]:
        raise IllegalTransition(f"还没有写：{'、'.join(lacking)}。写好了再征询。")
    if project.consult_until < timezone.localdate():
        raise IllegalTransition("征询截止的日期已经过了，请改一个。")
    return take(TRANSITIONS, "open_consult", project, by=by)


@transaction.atomic
def record_result(project, *, by, votes, agreed, scan, version=None):
    """Keep what the paper says: `votes` is {for|against|absent: {households: int, area: square metres}}."""
    project = _begin("record_result", project, version)
    if set(votes) != set(SIDES) or any(set(side) != {"households", "area"} for side in votes.values()):
        raise IllegalTransition("同意、不同意、没有表态，三样的户数和面积都要填。")
    households = sum(side["households"] for side in votes.values())
    if min(value for side in votes.values() for value in side.values()) < 0 or not households:
        raise IllegalTransition("户数和面积不能是负数，也不能都是0。")
    if project.households and households != project.households:
        raise IllegalTransition(f"三样户数加起来是{households}户，涉及的是{project.households}户，请对一对。")
    if not scan:
        raise IllegalTransition("请附上征询表的扫描件或照片。")
    votes = {side: {"households": int(votes[side]["households"]), "area": str(votes[side]["area"])} for side in SIDES}
    to = Status.AGREED if agreed else Status.NOT_AGREED
    return move(project, "record_result", to, by=by, votes=votes, scan=scan)


@transaction.atomic
def open_funding(project, *, by, version=None):
    """Begin to raise the money, once it is written down what for and where from."""
    project = _begin("open_funding", project, version)
    if not (project.budget.exists() and project.sources.exists()):
        raise IllegalTransition("请先写预算（钱用在哪里）和资金来源（钱从哪里来）。")
    return take(TRANSITIONS, "open_funding", project, by=by)


@transaction.atomic
def start(project, *, by, contractor, short_of_budget="", version=None):
    """Build. Where less than the budget has been committed, `short_of_budget` says in public why it begins anyway."""
    project, contractor, why = _begin("start", project, version), contractor.strip(), short_of_budget.strip()
    if not contractor:
        raise IllegalTransition("请写明施工单位。")
    if not project.milestones.exists():
        raise IllegalTransition("请先排好步骤，再开工。")
    budget, committed = _sum(project.budget, "amount"), _sum(project.sources, "committed")
    if committed < budget and not why:
        raise IllegalTransition(f"预算{budget:,.2f}元，认定了{committed:,.2f}元，还没有够。要先开工，请写明原因。")
    _public(contractor, why)
    return take(TRANSITIONS, "start", project, by=by, contractor=contractor, short_of_budget=why, reason=why)


@transaction.atomic
def accept(project, *, by, words, final_cost, version=None, on=None):
    """The joint acceptance group finds it well done: `words` say who and what, `final_cost` is in yuan."""
    on, project, words = not_later_than_today(on, "验收"), _begin("accept", project, version), words.strip()
    if open_steps := list(project.milestones.filter(done_on=None, waived="")):
        raise IllegalTransition(f"还有步骤没有办完：{'、'.join(map(str, open_steps[:5]))}。不做的请写明原因。")
    if not words:
        raise IllegalTransition("请写谁来验收的、结果怎样。")
    if final_cost is None or final_cost < project.paid:
        raise IllegalTransition(f"决算不能少于已经付的{project.paid:,.2f}元。")
    _public(words)
    return take(
        TRANSITIONS, "accept", project, by=by, final_words=words, final_cost=final_cost, accepted_on=on,
        cancel_asked_by=None,
    )  # fmt: skip


@transaction.atomic
def pause(project, *, by, reason, version=None):
    """Stop for now. The reason is public."""
    project, reason = _begin("pause", project, version), _told(reason)
    return take(TRANSITIONS, "pause", project, by=by, reason=reason, status_note=reason, resumes_as=project.status)


@transaction.atomic
def resume(project, *, by, version=None):
    project = _begin("resume", project, version)
    return move(project, "resume", project.resumes_as, by=by, status_note="", resumes_as="")


@transaction.atomic
def ask_cancel(project, *, by, reason, version=None):
    """The secretary wants to give it up; the district agrees by `cancel`."""
    project, reason = _begin("ask_cancel", project, version), told(reason)
    return take(TRANSITIONS, "ask_cancel", project, by=by, reason=reason, cancel_asked_by=by)


@transaction.atomic
def cancel(project, *, by, reason, money_back="", version=None):
    """An end before the end: asked for by the branch, agreed to by the district. `money_back`: how money went back."""
    project, reason, money_back = _begin("cancel", project, version), _told(reason), money_back.strip()
    if not steps.corrects(by):
        raise IllegalTransition("终止要区里同意，请区里的工作人员来办。")
    if project.cancel_asked_by is None:
        raise IllegalTransition("要支部先申请终止，区里再同意。")
    if project.cancel_asked_by == by:
        raise IllegalTransition("自己申请的不能自己同意，请另一位同事来。")
    if project.received and not money_back:
        raise IllegalTransition("收到过钱，请写明钱是怎么退的、余下的怎么办。")
    _public(money_back)
    note = f"{reason}。{money_back}".rstrip("。") + "。"
    return take(
        TRANSITIONS, "cancel", project, by=by, reason=reason, data={"money_back": money_back}, resumes_as="",
        status_note=note[:200],
    )  # fmt: skip


@transaction.atomic
def correct(project, *, by, reason, version=None):
    """Take the last step back, because it was a mistake."""
    reason, project = correction(by, reason), held(project, version)
    taken = standing_steps(project)
    if len(taken) < 2:
        raise IllegalTransition("这个项目还没有办过，没有可以更正的。")
    last = taken[-1]
    paused_from = taken[-2].before if last.before == Status.PAUSED and len(taken) > 1 else ""
    return move(
        project, "correct", last.before, by=by, reason=reason, data={"undone": last.event}, status_note="",
        resumes_as=paused_from, accepted_on=None, final_cost=None, final_words="",
    )  # fmt: skip


# --- its steps, and what is told of it ------------------------------------------------------------------------------


@transaction.atomic
def plan_step(project, *, by, name, planned_on, weight=1, version=None):
    project = held(project, version)
    if project.status not in PLANNED_IN:
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，不能再加步骤。")
    _public(name)
    milestone = Milestone(
        project=project, name=name.strip(), planned_on=planned_on, weight=weight,
        order=10 * (project.milestones.count() + 1),
    )  # fmt: skip
    _save(milestone, "plan_step", by)
    return milestone


@transaction.atomic
def finish_step(milestone, *, by, on=None):
    """It is done, on the day `on`."""
    on, milestone = not_later_than_today(on, "完成"), _open_step(milestone)
    milestone.done_on = on
    return _save(milestone, "finish_step", by)


@transaction.atomic
def waive_step(milestone, *, by, reason):
    """It will not be done; the reason is public."""
    reason, milestone = _told(reason), _open_step(milestone)
    milestone.waived = reason[:160]
    return _save(milestone, "waive_step", by)


@transaction.atomic
def tell(project, *, by, words, on=None):
    """News of the project, for everybody."""
    on, project = not_later_than_today(on, "进展"), held(project)
    if project.status == Status.PROPOSED:
        raise IllegalTransition("还没有公开的项目，先征询再写进展。")
    _public(words)
    return _save(ProjectUpdate(project=project, on=on, words=told(words), by=by), "tell", by)


@transaction.atomic
def revise(update, *, by, words):
    """Other words for news that were told; the page says when they were revised."""
    _public(words)
    update = ProjectUpdate.objects.select_for_update().get(pk=update.pk)
    update.words, update.revised_at = told(words), timezone.now()
    return _save(update, "revise", by)


@transaction.atomic
def show_photo(project, *, by, large, small, alt, milestone=None, taken_on=None):
    """A photograph of the work, as homes/photos.py made it."""
    _public(alt)
    photo = ProjectPhoto(
        project=project, milestone=milestone, large=large, small=small, alt=told(alt), taken_on=taken_on,
        is_sample=project.is_sample,
    )  # fmt: skip
    return _save(photo, "show_photo", by)


@transaction.atomic
def put_photo_away(photo, *, by):
    photo.is_archived = True
    return _save(photo, "put_photo_away", by)


def enter(projects, *, by, reason):
    """Enter unsaved projects, each in its state; for the loading of data."""
    return steps.enter(projects, by=by, reason=reason)


def _begin(event, project, version):
    project = held(project, version)
    step(TRANSITIONS, event, project)
    return project


def _open_step(milestone):
    project = held(milestone.project)
    milestone = Milestone.objects.get(pk=milestone.pk)
    if project.status not in (Status.FUNDING, Status.BUILDING):
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，步骤不能改。")
    if milestone.done_on or milestone.waived:
        raise IllegalTransition("这一步已经办过了。刚刚可能有人处理过，请刷新看看。")
    return milestone


def _told(reason):
    """A reason that everybody may read."""
    reason = told(reason)
    _public(reason)
    return reason


def _public(*texts):
    """Refuse texts that name a flat, a telephone, an ID number."""
    for text in texts:
        if flat := names_household(text):
            raise IllegalTransition(f"这里人人都能看，不能写“{flat}”。请写到小区或楼栋为止。")
        if found := found_in(text):
            raise IllegalTransition(f"这里人人都能看，不能写{'、'.join(found)}。")


def _save(row, event, by):
    row._history_user, row._change_reason = user_of(by), event
    row.save()
    return row


def _sum(rows, column):
    return rows.aggregate(total=Sum(column))["total"] or 0
