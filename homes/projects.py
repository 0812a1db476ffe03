"""The verbs of a community project (states.md 3.6). Only this module writes `CommunityProject.status`.

The result of a consultation is recorded as the paper says it; whether it suffices is not for a computer to judge. No
money is taken here: what came in and went out elsewhere is written down by homes/bookkeeping.py. Its steps, news and
photographs are in homes/project_news.py.
"""

from itertools import count

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from branches import steps
from branches.steps import correction, held, move, standing_steps, take
from branches.transitions import IllegalTransition, not_later_than_today, step, told
from homes.models import CommunityProject, Home
from homes.money import in_fen
from homes.public_facts import refuse, told_in_public

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
    "keep": (
        {Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING, Status.BUILDING, Status.PAUSED}, None,
    ),
    "cancel": (
        {Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING, Status.BUILDING, Status.PAUSED},
        Status.CANCELLED,
    ),
}  # fmt: skip
SIDES = ("for", "against", "absent")
NOTE_MOST = 200
# what a step wrote, as it was before: a correction takes it back with the step
WRITTEN_BY = {
    "record_result": {"votes": {}, "scan": ""},
    "start": {"contractor": "", "short_of_budget": ""},
    "accept": {"accepted_on": None, "final_cost": None, "final_words": ""},
}


@transaction.atomic
def propose(*, by, **fields):
    """A new project of a home; not public before the neighbours are asked."""
    refuse(*(value for value in fields.values() if isinstance(value, str)))
    home = Home.objects.select_for_update().get(pk=fields["home"].pk)
    project = CommunityProject(status="", slug=_free_slug(home), **fields)
    return move(project, "propose", Status.PROPOSED, by=by)


def _free_slug(home):
    """The next address of a project of this home, which is held."""
    taken = set(CommunityProject.objects.filter(slug__startswith=home.slug[:40]).values_list("slug", flat=True))
    return next(slug for number in count(1) if (slug := f"{home.slug[:40]}-{number}") not in taken)


@transaction.atomic
def write(project, *, by, version=None, **fields):
    """Change the words about it. What neighbours were asked about stays once they have been asked."""
    project = held(project, version)
    asked = {"scope", "cost_low", "cost_high", "consult_until"}
    if project.status != Status.PROPOSED and any(
        name in asked and value != getattr(project, name) for name, value in fields.items()
    ):
        raise IllegalTransition("已经拿去征询了，做什么、要多少钱、征询到哪天不能再改。")
    refuse(*(value for value in fields.values() if isinstance(value, str)))
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
    refuse(contractor, why)
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
    refuse(words)
    return take(
        TRANSITIONS, "accept", project, by=by, final_words=words, final_cost=final_cost, accepted_on=on,
        cancel_asked_by=None,
    )  # fmt: skip


@transaction.atomic
def pause(project, *, by, reason, version=None):
    """Stop for now. The reason is public."""
    project, reason = _begin("pause", project, version), told_in_public(reason)
    return take(TRANSITIONS, "pause", project, by=by, reason=reason, status_note=reason, resumes_as=project.status)


@transaction.atomic
def resume(project, *, by, version=None):
    """Go on where it stopped."""
    project = _begin("resume", project, version)
    before = {"resumes_as": project.resumes_as, "status_note": project.status_note}
    return move(project, "resume", project.resumes_as, by=by, data=before, status_note="", resumes_as="")


@transaction.atomic
def ask_cancel(project, *, by, reason, version=None):
    """The secretary wants to give it up; the district agrees by `cancel`."""
    project, reason = _begin("ask_cancel", project, version), told(reason)
    if project.cancel_asked_by:
        raise IllegalTransition("已经申请过终止了，等区里同意。")
    return take(TRANSITIONS, "ask_cancel", project, by=by, reason=reason, cancel_asked_by=by)


@transaction.atomic
def keep(project, *, by, reason="", version=None):
    """Go on after all: the branch takes back that it asked for the end, or the district does not agree."""
    project = _begin("keep", project, version)
    if project.cancel_asked_by is None:
        raise IllegalTransition("没有人申请终止，不用撤回。")
    return take(TRANSITIONS, "keep", project, by=by, reason=reason, cancel_asked_by=None)


@transaction.atomic
def cancel(project, *, by, reason, money_back="", version=None):
    """An end before the end: asked for by the branch, agreed to by the district. `money_back`: how money went back."""
    project, reason, money_back = _begin("cancel", project, version), told_in_public(reason), money_back.strip()
    if not steps.corrects(by):
        raise IllegalTransition("终止要区里同意，请区里的工作人员来办。")
    if project.cancel_asked_by is None:
        raise IllegalTransition("要支部先申请终止，区里再同意。")
    if project.cancel_asked_by == by:
        raise IllegalTransition("自己申请的不能自己同意，请另一位同事来。")
    if project.received and not money_back:
        raise IllegalTransition("收到过钱，请写明钱是怎么退的、余下的怎么办。")
    refuse(money_back)
    note = "。".join(part.rstrip("。") for part in (reason, money_back) if part) + "。"
    if len(note) > NOTE_MOST:
        raise IllegalTransition(f"原因和钱怎么退的，加起来请留在{NOTE_MOST - 2}个字以内。")
    before = {"resumes_as": project.resumes_as, "status_note": project.status_note}
    asked = {} if project.status != Status.PROPOSED else {"consult_until": None}  # what was never asked stays unseen
    return take(
        TRANSITIONS, "cancel", project, by=by, reason=reason, data={"money_back": money_back} | before, resumes_as="",
        status_note=note, **asked,
    )  # fmt: skip


@transaction.atomic
def correct(project, *, by, reason, version=None):
    """Take the last step back, because it was a mistake."""
    reason, project = correction(by, reason), held(project, version)
    taken = standing_steps(project)
    if len(taken) < 2:
        raise IllegalTransition("这个项目还没有办过，没有可以更正的。")
    last = taken[-1]
    if last.event == "open_funding" and project.ledger.exists():
        raise IllegalTransition("账上已经记过钱，不能退回到筹资以前。办不下去的，请申请终止。")
    return move(
        project, "correct", last.before, by=by, reason=reason, data={"undone": last.event},
        resumes_as=last.data.get("resumes_as", ""), status_note=last.data.get("status_note", ""),
        **WRITTEN_BY.get(last.event, {}),
    )  # fmt: skip


def enter(projects, *, by, reason):
    """Enter unsaved projects, each in its state; for the loading of data."""
    return steps.enter(projects, by=by, reason=reason)


def _begin(event, project, version):
    project = held(project, version)
    step(TRANSITIONS, event, project)
    return project


def _sum(rows, column):
    return in_fen(rows.aggregate(total=Sum(column))["total"])
