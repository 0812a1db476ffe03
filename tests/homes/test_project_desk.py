"""The desk's pages of projects: one walked from its first words to its acceptance, and what is refused on the way."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from branches.models import AuditEntry
from config import caching
from homes.models import CommunityProject, LedgerLine
from tests.homes.works import PDF, a_picture, brought_to, in_days, now
from tests.volunteers.desk import send

pytestmark = pytest.mark.django_db
Status = CommunityProject.Status
DESK = "/desk/projects/"
VOTE = {
    "for_households": "30", "for_area": "2,700.50", "against_households": "4", "against_area": "360",
    "absent_households": "6", "absent_area": "540", "agreed": "yes",
}  # fmt: skip


def public_page(client, project):
    """What everybody reads once the last edit has been committed."""
    caching.content.renew()
    return client.get(project.get_absolute_url()).text


def buttons(client, project):
    """What may be done now, by the words of the buttons."""
    return [words for words, _url, _kind in client.get(f"{DESK}{project.pk}/").context["steps"]]


def test_a_project_from_its_first_words_to_its_acceptance(cast, client_of, client):
    desk, district = client_of(cast.secretary), client_of(cast.district_officer)
    told = {
        "name": "换电梯", "scope": "换两部电梯。", "plan": "分两批。", "cost_low": "800", "cost_high": "1000",
        "consult_until": in_days(9).isoformat(), "households": "40",
    }  # fmt: skip
    refused = send(desk, f"{DESK}propose/", **told, lead="谢谢3栋501的老王")
    assert "不能写“3栋501”" in refused.text
    assert "谢谢3栋501的老王" in refused.text  # nothing that was typed is lost
    answer = send(desk, f"{DESK}propose/", **told, lead="一起换")
    project = CommunityProject.objects.latest("pk")
    page = f"{DESK}{project.pk}/"
    assert (answer["Location"], project.home, project.status) == (page, cast.homes["here"], "proposed")
    assert client.get(project.get_absolute_url()).status_code == 404

    def step(tail, who=desk, **given):
        """Take it; the version of the page counts."""
        return send(who, tail if tail.startswith("/") else page + tail, **given)

    step("consult/")
    assert client.get(project.get_absolute_url()).status_code == 200
    assert buttons(desk, project) == ["记下征询结果", "写进展", "改介绍", "加照片", "申请终止"]
    assert "scope" not in desk.get(f"{page}edit/").context["form"].fields
    missing = step("result/", **VOTE)
    assert "请附上征询表" in missing.text
    wrong = step("result/", **VOTE | {"for_households": "31"}, scan=SimpleUploadedFile("a.pdf", PDF))
    assert (wrong.status_code, "41户" in wrong.text) == (409, True)
    step("result/", **VOTE, scan=SimpleUploadedFile("a.pdf", PDF))
    scan = desk.get(f"{page}scan/")
    assert (scan.status_code, scan.content, scan["Cache-Control"]) == (200, PDF, "private, no-store")
    assert AuditEntry.objects.get(action="reveal").data["fields"] == ["scan"]
    others = (None, cast.next_door_secretary, cast.organiser)  # it says how each household voted
    assert [client_of(who).get(f"{page}scan/").status_code for who in others] == [302, 404, 403]

    assert step("fund/").status_code == 409
    step("budget/", name="设备", amount="1,000")
    step("budget/", name="写错的", amount="5")
    step(f"{DESK}budget/{project.budget.get(name='写错的').pk}/strike-out/")
    step("commit/", kind="repair_fund", committed="700")
    step("fund/")
    step("plan/", name="拆旧", planned_on=in_days(0).isoformat(), weight="1")
    step("plan/", name="打扫", planned_on=in_days(5).isoformat(), weight="1")
    short = step("start/", contractor="示例公司")
    assert (short.status_code, "还没有够" in short.text) == (409, True)
    step("start/", contractor="示例公司", short_of_budget="居民的钱月底到。")
    assert now(project).status == Status.BUILDING

    step("receive/", amount="700", words="维修资金到账")
    over = step("pay/", amount="700.01", words="预付款")
    assert (over.status_code, "账上只有700.00元" in over.text) == (409, True)
    step("pay/", amount="300.50", words="预付款", voucher="=1+1")
    step(f"{DESK}lines/{LedgerLine.objects.latest('pk').pk}/reverse/", reason="记了两次")
    step("pay/", amount="600", words="进度款")
    ledger = desk.get(f"{page}ledger/")
    assert [str(line.left) for line in ledger.context["money"].lines] == ["100.00", "700.00", "399.50", "700.00"]
    sheet = load_workbook(BytesIO(desk.get(f"{page}ledger/excel/").content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[6] for row in rows[1:]] == ["700.00", "399.50", "700.00", "100.00"]
    assert (rows[3][8], rows[2][7]) == ("2", "=1+1")

    step("tell/", words="旧的拆完了")
    step(f"{DESK}news/{project.updates.get().pk}/", words="旧的都拆完了")
    assert project.updates.get().revised_at
    step("photo/", photo=a_picture(), alt="拆下来的旧电梯")
    photo = project.photos.get()
    assert client.get(f"/media/{photo.small.name}").status_code == 200
    step(f"{DESK}photos/{photo.pk}/away/")
    assert client.get(f"/media/{photo.small.name}").status_code == 404

    step("pause/", reason="连着下雨")
    assert buttons(desk, project) == ["继续办", "写进展", "改介绍", "加照片", "申请终止"]
    assert "连着下雨" in public_page(client, project)
    step("resume/")
    step("ask-cancel/", reason="不想办了")
    assert "同意终止" not in buttons(desk, project)
    assert "同意终止" in buttons(district, project)
    assert desk.post(f"{page}cancel/", {"reason": "不办了", "version": now(project).version}).status_code == 409
    step("keep/")
    one, two = project.milestones.all()
    assert step("accept/", words="合格。", final_cost="600").status_code == 409
    step(f"{DESK}steps/{one.pk}/done/")
    step(f"{DESK}steps/{two.pk}/waive/", reason="住户自己打扫了")
    step("accept/", words="住户代表验收，合格。", final_cost="600")
    assert now(project).status == Status.ACCEPTED
    step("correct/", who=district, reason="还差一张合格证")
    assert now(project).status == Status.BUILDING
    step("accept/", words="住户代表验收，合格。", final_cost="600")
    told = public_page(client, project)
    assert "办成了" in told
    assert "住户自己打扫了" in told
    assert [row.status_code for row in (desk.get(page), desk.get(DESK), district.get(f"{page}ledger/"))] == [200] * 3


def test_a_page_of_before_is_told_and_counts_when_sent_again(cast, client_of):
    desk = client_of(cast.secretary)
    project = brought_to(Status.FUNDING, cast.homes["here"], cast.officer)
    page = f"{DESK}{project.pk}/pause/"
    stale = {"reason": "连着下雨", "version": project.version - 1}
    answer = desk.post(page, stale)
    assert answer.status_code == 409
    assert "刚刚有人处理过" in answer.text
    assert "连着下雨" in answer.text
    assert send(desk, page, reason="连着下雨").status_code == 302


def test_who_may_work_on_a_project(cast, client_of):
    project = cast.projects["here"]
    found = {}
    for person in ("officer", "secretary", "district_officer", "street_officer", "organiser", "next_door_officer",
                   "next_door_secretary", "auditor"):  # fmt: skip
        client = client_of(cast.people[person])
        asked = (f"{DESK}{project.pk}/", f"{DESK}{project.pk}/tell/", f"{DESK}{project.pk}/ledger/")
        found[person] = [client.get(address).status_code for address in asked]
    everything, only_read, nothing = [200, 200, 200], [200, 403, 200], [404, 404, 404]
    assert found == {
        "officer": everything, "secretary": everything, "district_officer": everything, "street_officer": only_read,
        "organiser": only_read, "next_door_officer": nothing, "next_door_secretary": nothing, "auditor": [403] * 3,
    }  # fmt: skip
