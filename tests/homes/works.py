"""Community projects, as their tests know them: one in any state, with money and steps, and who may do what."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from homes import bookkeeping, project_news, projects
from homes.models import BudgetLine, CommunityProject, FundingSource

Status = CommunityProject.Status
PDF = b"%PDF-1.4\n%%EOF\n"
VOTES = {
    "for": {"households": 30, "area": Decimal("2700.50")}, "against": {"households": 4, "area": Decimal(360)},
    "absent": {"households": 6, "area": Decimal(540)},
}  # fmt: skip


def a_scan():
    return ContentFile(PDF, name="scan.pdf")


def a_picture():
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "green").save(buffer, "JPEG")
    return SimpleUploadedFile("灯.jpg", buffer.getvalue(), "image/jpeg")


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def proposed(home, by, **fields):
    given = {
        "name": "换电梯", "scope": "换两部电梯。", "plan": "分两批换。", "cost_low": Decimal(800),
        "cost_high": Decimal(1000), "consult_until": in_days(10), "households": 40,
    }  # fmt: skip
    return projects.propose(by=by, home=home, **given | fields)


def funded(project, by):
    bookkeeping.budget(project, by=by, name="设备", amount="1000")
    bookkeeping.commit(project, by=by, kind="repair_fund", committed="700")
    bookkeeping.commit(project, by=by, kind="households", committed="300")
    return projects.open_funding(project, by=by)


def built(project, by):
    project_news.plan_step(project, by=by, name="拆旧", planned_on=in_days(1))
    project_news.plan_step(project, by=by, name="装新", planned_on=in_days(2), weight=2)
    return projects.start(project, by=by, contractor="示例公司")


def accepted(project, by):
    for step in project.milestones.all():
        project_news.finish_step(step, by=by)
    return projects.accept(project, by=by, words="住户代表和施工单位一起验收，合格。", final_cost=Decimal("990.50"))


TO = {  # how a project comes to each state, from the one before
    Status.CONSULTING: lambda project, by: projects.open_consult(project, by=by),
    Status.AGREED: lambda project, by: projects.record_result(project, by=by, votes=VOTES, agreed=True, scan=a_scan()),
    Status.FUNDING: funded,
    Status.BUILDING: built,
    Status.ACCEPTED: accepted,
}
ROAD = (Status.PROPOSED, *TO)


def brought_to(state, home, by):
    """A project in this state, come there by the verbs."""
    project = proposed(home, by)
    if state == Status.NOT_AGREED:
        projects.open_consult(project, by=by)
        return now(projects.record_result(project, by=by, votes=VOTES, agreed=False, scan=a_scan()))
    if state == Status.CANCELLED:
        projects.open_consult(project, by=by)
        project = projects.ask_cancel(project, by=by, reason="不办了")
        CommunityProject.objects.filter(pk=project.pk).update(status=Status.CANCELLED)
        return now(project)
    last = Status.BUILDING if state == Status.PAUSED else state
    for step in ROAD[1 : ROAD.index(last) + 1]:
        project = TO[step](now(project), by)
    return now(projects.pause(project, by=by, reason="下雨") if state == Status.PAUSED else project)


def now(project):
    return CommunityProject.objects.get(pk=project.pk)


def source_of(project, kind="repair_fund"):
    return FundingSource.objects.get(project=project, kind=kind)


def use_of(project):
    return BudgetLine.objects.get(project=project)
