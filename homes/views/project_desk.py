"""/desk/projects/: the projects one answers for, and one of them with everything that may be done about it now."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from branches import audit
from branches.access import Action, allowed
from branches.models import Event, Member
from branches.steps import corrects
from branches.views.desk import SHOWN, Section, add_section
from branches.views.desk_posting import attempt, form_page, kept_page, may, open_form, own
from branches.views.private_file import served
from branches.waiting import part_named
from homes import project_story, project_waits
from homes import projects as verbs
from homes.bookkeeping import KEPT, PLANNING
from homes.documents import TYPES
from homes.models import CommunityProject, Home, HostedBranch
from homes.project_forms import ProposeForm
from homes.project_news import PLANNED_IN
from homes.views.projects import in_order

Status = CommunityProject.Status
WORKED_ON = (Status.FUNDING, Status.BUILDING)
add_section(Section("共建项目", "projects:desk", CommunityProject, "街坊们一起办的事：征询、筹钱、施工、记账、进展。"))
EVENTS = {
    "propose": "提议", "write": "改了介绍", "open_consult": "开始征询", "record_result": "记下征询结果",
    "open_funding": "开始筹资", "start": "开工", "accept": "验收", "pause": "暂停", "resume": "继续",
    "ask_cancel": "申请终止", "keep": "不终止了", "cancel": "终止", "correct": "更正，退回上一步",
    "plan_step": "加了步骤", "tell": "写了进展", "show_photo": "加了照片", "budget": "写了预算",
    "strike_out": "去掉一项预算", "commit": "写了资金来源", "receive": "记了收入", "pay": "记了支出",
    "reverse": "冲销", "enter": "录入",
}  # fmt: skip
SHOWN_EVENTS = 20


def project_page(action=Action.CHANGE, **kwargs):
    return kept_page(action, CommunityProject, **kwargs)


def crumbs(request, found=None):
    """The way to a page of the desk: [(label, url)], through the project's page where it is about one."""
    way = [("支部工作台", reverse("desk:today"))] if allowed(request.user, Action.VIEW, Member) else []
    way.append(("共建项目", reverse("projects:desk")))
    if found is not None:
        way.append((found.name, address(found)))
    return way


def address(found):
    return reverse("projects:desk_project", args=[found.pk])


def own_project(request, pk, action=Action.CHANGE):
    rows = CommunityProject.objects.select_related("home__division", "cancel_asked_by")
    return own(request, CommunityProject, pk, action, rows)


def own_part(request, model, pk):
    """A row that belongs to a project on which this user works."""
    return own(request, model, pk, Action.CHANGE, model.objects.select_related("project__home"))


def homes_for(user):
    """The homes that this user may propose something for: of their area, or where their branch meets."""
    branches = {posting.branch_id for posting in user.current_postings if posting.branch_id}
    near = Home.objects.where_granted(user, Action.ADD, CommunityProject)
    hosted = HostedBranch.objects.filter(branch__in=branches)
    homes = Home.objects.exclude(status=Home.Status.CLOSED)
    return homes.filter(Q(pk__in=near.values("pk")) | Q(pk__in=hosted.values("home"))).order_by("name")


@project_page(Action.VIEW, methods=("GET", "HEAD"))
def projects(request):
    """The projects one answers for, what is going on first; or only those that wait for something."""
    part = part_named(project_waits.parts(request.user), request.GET.get("part"))
    rows = CommunityProject.objects.visible_to(request.user)
    if part:
        rows = rows.filter(pk__in=part.rows.values("pk"))
    rows = in_order(rows.with_progress().select_related("home"))
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "crumbs": crumbs(request)[:-1],
        "page": page,
        "part": part,
        "may_propose": allowed(request.user, Action.ADD, CommunityProject),
    }
    return render(request, "desk/projects/list.html", context)


@project_page(Action.ADD)
def propose(request):
    form, refilled = open_form(request, ProposeForm, homes=homes_for(request.user))
    if request.method == "POST" and form.is_valid():
        made = attempt(request, form, _proposed, CommunityProject(), **form.told())
        if made is not None:
            return redirect("projects:desk_project", pk=made.pk)
    return form_page(
        request, form, "提一个项目", "存下来", back=reverse("projects:desk"), way=crumbs(request), refilled=refilled,
        lead="先存下来，居民还看不到。写全了再开始征询，从那时起人人都能看，所以不写哪一户、不写电话。",
    )  # fmt: skip


def _proposed(_new, **given):
    return verbs.propose(**given)


def steps_of(found, user):
    """[(words, name of the address, kind of button)] that this user may take now, the main one first."""
    steps = []
    match found.status:
        case Status.PROPOSED:
            steps = [("开始征询", "open_consult", "")]
        case Status.CONSULTING:
            steps = [("记下征询结果", "record_result", "")]
        case Status.AGREED:
            steps = [("开始筹资", "open_funding", "")]
        case Status.FUNDING:
            steps = [("开工", "start", "")]
        case Status.BUILDING if not found.milestones.filter(done_on=None, waived="").exists():
            steps = [("验收", "accept", "")]
        case Status.PAUSED:
            steps = [("继续办", "resume", "")]
    if found.status != Status.PROPOSED:
        steps.append(("写进展", "tell", "quiet" if steps else ""))
    steps += [("改介绍", "edit", "quiet"), ("加照片", "show_photo", "quiet")]
    if found.status in WORKED_ON:
        steps.append(("暂停", "pause", "quiet"))
    if found.status in verbs.TRANSITIONS["ask_cancel"][0]:
        steps += _ending(found, user)
    if found.version and corrects(user):
        steps.append(("更正，退回上一步", "correct", "quiet"))
    return steps


def _ending(found, user):
    if found.cancel_asked_by_id is None:
        return [("申请终止", "ask_cancel", "quiet")]
    agree = [("同意终止", "cancel", "act")] if corrects(user) and found.cancel_asked_by_id != user.pk else []
    return [*agree, ("不终止了", "keep", "quiet")]


@project_page(Action.VIEW, methods=("GET", "HEAD"))
def project(request, pk):
    """One project: where it stands, what may be done, its steps, its money, what was told of it."""
    found = own_project(request, pk, Action.VIEW)
    may_change = may(request, found)
    milestones = project_story.timed(list(found.milestones.all()), timezone.localdate())
    events = Event.objects.filter(subject=found._meta.label_lower, subject_pk=found.pk).order_by("-pk")
    context = {
        "project": found,
        "crumbs": crumbs(request),
        "stands": project_story.STANDS[found.status],
        "steps": [(words, reverse(f"projects:{name}", args=[pk]), kind) for words, name, kind in steps_of(
            found, request.user)] if may_change else [],
        "may_change": may_change,
        "may_plan": may_change and found.status in PLANNED_IN,
        "may_work": may_change and found.status in WORKED_ON,
        "may_budget": may_change and found.status in PLANNING,
        "may_commit": may_change and found.status in (*PLANNING, Status.BUILDING),
        "keeps_ledger": found.status in KEPT or found.ledger.exists(),
        "milestones": milestones,
        "progress": project_story.progress_of(milestones),
        "money": project_story.money(found),
        "votes": project_story.votes(found),
        "updates": found.updates.all(),
        "photos": found.photos.filter(is_archived=False),
        "events": [(event, EVENTS.get(event.event, event.event)) for event in events[:SHOWN_EVENTS]],
    }  # fmt: skip
    return render(request, "desk/projects/project.html", context)


@project_page(methods=("GET", "HEAD"))
def scan(request, pk):
    """The paper of the vote, which says how each household voted: for those who work on the project alone."""
    found = own_project(request, pk)
    if not found.scan:
        raise Http404
    kind = found.scan.name.rpartition(".")[2]
    answer = served(found.scan, TYPES[kind], name=f"征询表.{kind}", to_save=kind != "webp")
    audit.record(audit.Action.REVEAL, by=request.user, subject=found, fields=["scan"])
    return answer
