"""The public pages of projects: what they tell, to the fen, and what they never do."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from homes import bookkeeping, project_news
from homes.models import CommunityProject
from tests.homes.works import Status, brought_to, in_days, now, source_of, use_of

pytestmark = pytest.mark.django_db


def text_of(client, project, tail=""):
    """The words of its page, without the marks around them."""
    response = client.get(f"{project.get_absolute_url()}{tail}")
    assert response.status_code == 200
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.text))


def test_the_page_tells_it_to_the_fen(cast, client):
    by = cast.secretary
    project = brought_to(Status.BUILDING, cast.homes["here"], by)
    bookkeeping.receive(source_of(project), by=by, amount="700", words="维修资金到账")
    bookkeeping.receive(source_of(project, "households"), by=by, amount="123.45", words="居民合计")
    wrong = bookkeeping.pay(use_of(project), by=by, amount="100.10", words="预付款", voucher="凭证甲")
    bookkeeping.reverse(wrong, by=by, reason="记了两次")
    bookkeeping.pay(use_of(project), by=by, amount="200.20", words="进度款")
    first, second = project.milestones.all()
    first.planned_on, second.planned_on = in_days(3), in_days(-2)
    first.save()
    second.save()
    project_news.finish_step(first, by=by)
    early = project_news.tell(now(project), by=by, words="开了碰头会", on=in_days(-9))
    project_news.tell(now(project), by=by, words="拆完了旧的", on=in_days(-1))
    project_news.revise(early, by=by, words="开了第一次碰头会")
    context = client.get(project.get_absolute_url()).context

    money, kept = context["money"], now(project)  # P-I1
    by_source = {row.name: (row.planned, row.actual) for row in money.sources}
    assert by_source == {
        str(source): (source.committed, source.lines.all().total()) for source in project.sources.all()
    }
    assert (money.received, money.paid, money.left) == (kept.received, kept.paid, kept.left)
    assert (money.received, money.paid) == (Decimal("823.45"), Decimal("200.20"))
    assert money.lines[0].left == money.left
    assert context["progress"] == project.milestones.progress() == 33  # P-I4

    told = text_of(client, project)
    for said in (
        "同意30户", "2700.50平方米", "施工单位：示例公司", "33%", "提前3天完成", "比计划晚了2天", "收到823.45元",
        "还剩623.25元", "冲销：记了两次", "后面已经冲销", "从来不收钱", f"修订于{timezone.localdate().year}年",
    ):  # fmt: skip
        assert said in told, said
    assert told.index("拆完了旧的") < told.index("开了第一次碰头会")  # P-I5
    assert "凭证甲" not in told
    page = client.get(project.get_absolute_url()).text  # P-I6
    assert set(re.findall(r'<form[^>]* action="([^"]*)"', page)) == {"/display/", "/search/"}  # text size, the search
    assert not re.search(r"(?i)alipay|weixin|wxp://|pay\.|支付", page)
    sheet = text_of(client, project, "sheet/")
    for said in ("实施中", "33%", "823.45", "拆完了旧的", "从来不收钱"):
        assert said in sheet, said


def test_every_state_says_kindly_where_it_stands(cast, client):
    told = {}
    for state in set(Status.values) - {Status.PROPOSED}:
        told[state] = text_of(client, brought_to(state, cast.homes["here"], cast.secretary))
    assert len({context[:2000] for context in told.values()}) == len(told)
    for state, said in (
        (Status.CONSULTING, "意见收到"), (Status.AGREED, "接着要筹钱"), (Status.NOT_AGREED, "没有通过"),
        (Status.FUNDING, "已经认定1,000.00元"), (Status.PAUSED, "为什么停下雨"),
        (Status.ACCEPTED, "住户代表和施工单位"), (Status.ACCEPTED, "决算990.50元"), (Status.CANCELLED, "不办了"),
    ):  # fmt: skip
        assert said in told[state], (state, said)
    listed = client.get("/projects/").text
    assert listed.count("project-card") == len(told) + 3  # with those of the cast


def test_photographs_are_seen_with_their_project_and_not_before(cast, client, client_of):
    shown, hidden = (projects["here"].photos.get() for projects in (cast.projects, cast.proposals))
    person = client_of(cast.secretary)
    said = {
        name: [each.get(f"/media/{photo.small.name}").status_code for each in (client, person)]
        for name, photo in (("shown", shown), ("hidden", hidden))
    }
    assert said == {"shown": [200, 200], "hidden": [404, 200]}
    project_news.put_photo_away(shown, by=cast.secretary)
    assert client.get(f"/media/{shown.large.name}").status_code == 404


@pytest.mark.once
def test_the_known_project_is_told_with_its_facts_alone(district, client):
    project = CommunityProject.objects.get(slug="huasheng-dianti")
    assert (project.home.slug, project.households, project.leading_members, project.unit_count) == (
        "huasheng-jiayuan", 956, 16, 22,
    )  # fmt: skip
    assert (project.raised_at_least, project.accepted_on, project.is_sample) == (5_340_000, None, False)
    told = text_of(client, project)
    for said in ("956户", "16名", "22部电梯", "534万元以上", "红星网2023-04-21", "待补充"):
        assert said in told, said
    assert "示例" not in told.partition("首页共建项目")[2]  # below the words about the demo
    assert "小区电梯更新" in client.get(project.home.get_absolute_url()).text


def test_samples_say_so_and_there_is_one_in_every_state(samples, client):
    known = CommunityProject.objects.get(slug="huasheng-dianti")
    assert known.received == known.ledger.money_in().total() >= 5_340_000
    assert known.paid == known.ledger.money_out().total()
    rows = [
        *known.milestones.values_list("name", flat=True), *known.updates.values_list("words", flat=True),
        *known.ledger.values_list("words", flat=True), *known.sources.values_list("name", flat=True),
        *known.budget.values_list("name", flat=True), *known.photos.values_list("alt", flat=True),
    ]  # fmt: skip
    assert rows
    assert [row for row in rows if "示例" not in row] == []
    assert {project.status for project in CommunityProject.objects.all()} == set(Status.values)
    assert not CommunityProject.objects.filter(is_sample=True).exclude(name__contains="示例").exists()
    assert "带“示例”两个字的" in text_of(client, known)
    for project in CommunityProject.objects.public():
        assert (project.received, project.paid) == (
            project.ledger.money_in().total(), project.ledger.money_out().total(),
        )  # fmt: skip
        assert "示例" in text_of(client, project)
        assert text_of(client, project, "sheet/")
