"""Community projects: their table of steps, and P-I1, P-I3, P-I4, P-I5 of the state tables."""

from decimal import Decimal

import pytest
from django.db import transaction

from branches.models import Event
from branches.transitions import IllegalTransition
from homes import bookkeeping, project_news, projects
from homes.models import CommunityProject, LedgerLine
from tests.homes.works import (
    ROAD,
    VOTES,
    a_scan,
    accepted,
    brought_to,
    built,
    in_days,
    now,
    proposed,
    source_of,
    use_of,
)

pytestmark = pytest.mark.django_db
Status = CommunityProject.Status
EARLY = {"proposed", "consulting", "agreed", "funding", "building", "paused"}
# event: the states it may start from
TABLE = {
    "open_consult": {"proposed"}, "record_result": {"consulting"}, "open_funding": {"agreed"}, "start": {"funding"},
    "accept": {"building"}, "pause": {"funding", "building"}, "resume": {"paused"}, "ask_cancel": EARLY,
    "cancel": EARLY, "keep": EARLY,
    # not of its state, but bound to it
    "budget": {"proposed", "consulting", "agreed", "funding"},
    "commit": {"proposed", "consulting", "agreed", "funding", "building"},
    "receive": {"funding", "building", "paused", "accepted"},
    "plan_step": {"proposed", "consulting", "agreed", "funding", "building"},
    "tell": set(Status.values) - {"proposed"}, "write": set(Status.values),
}  # fmt: skip


def attempt(event, project, cast):
    """Take the step with all that it needs, by whom it is for."""
    by = cast.secretary
    asked = project.cancel_asked_by is not None
    match event:
        case "open_consult" | "resume":
            return getattr(projects, event)(project, by=by)
        case "record_result":
            return projects.record_result(project, by=by, votes=VOTES, agreed=True, scan=a_scan())
        case "open_funding":
            bookkeeping.budget(project, by=by, name="料", amount="5")
            bookkeeping.commit(project, by=by, kind="city", committed="5")
            return projects.open_funding(project, by=by)
        case "start":
            return built(project, by)
        case "accept":
            return accepted(project, by)
        case "pause":
            return projects.pause(project, by=by, reason="下雨")
        case "ask_cancel":
            return projects.ask_cancel(project, by=cast.officer if asked else by, reason="不办了")
        case "cancel" | "keep":
            if not asked:
                projects.ask_cancel(project, by=by, reason="不办了")
            who = cast.district_officer if event == "cancel" else by
            return getattr(projects, event)(project, by=who, reason="不办了")
        case "budget":
            return bookkeeping.budget(project, by=by, name="沙", amount="5")
        case "commit":
            return bookkeeping.commit(project, by=by, kind="other", committed="5")
        case "receive":
            return bookkeeping.receive(project.sources.first(), by=by, amount="5", words="一笔")
        case "plan_step":
            return project_news.plan_step(project, by=by, name="又一步", planned_on=in_days(1))
        case "tell":
            return project_news.tell(project, by=by, words="开了会")
        case "write":
            return projects.write(project, by=by, lead="一句话")


def test_every_step_from_every_state(cast):
    found = {event: set() for event in TABLE}
    for state in Status.values:
        for event in TABLE:
            with transaction.atomic():
                project = brought_to(state, cast.homes["here"], cast.secretary)
                project.sources.get_or_create(kind="district", defaults={"committed": 1})
                try:
                    with transaction.atomic():
                        attempt(event, project, cast)
                    found[event].add(state)
                except IllegalTransition:
                    pass
                transaction.set_rollback(True)
    assert found == TABLE


def test_who_ends_it_and_what_a_correction_gives_back(cast):
    secretary, officer, chief = cast.secretary, cast.officer, cast.district_officer
    project = brought_to(Status.PAUSED, cast.homes["here"], secretary)
    bookkeeping.receive(source_of(project), by=secretary, amount="10", words="第一笔")
    refused = []
    for verb, given in (
        (projects.cancel, {"by": chief, "reason": "不办了", "money_back": "原路退回"}),  # nobody asked
        (projects.ask_cancel, {"by": chief, "reason": "不办了"}),
        (projects.ask_cancel, {"by": secretary, "reason": "不办了"}),  # twice
        (projects.cancel, {"by": officer, "reason": "不办了", "money_back": "原路退回"}),  # not the district
        (projects.cancel, {"by": chief, "reason": "不办了", "money_back": "原路退回"}),  # one's own
        (projects.keep, {"by": secretary}),
        (projects.ask_cancel, {"by": secretary, "reason": "不办了"}),
        (projects.cancel, {"by": chief, "reason": "不办了"}),  # where the money went
        (projects.cancel, {"by": chief, "reason": "谢谢3栋501", "money_back": "原路退回"}),
        (projects.cancel, {"by": chief, "reason": "不办了", "money_back": "原路退回"}),
        (projects.correct, {"by": secretary, "reason": "点错了按钮"}),
        (projects.correct, {"by": chief, "reason": "点错了按钮"}),
    ):
        try:
            verb(now(project), **given)
            refused.append(False)
        except IllegalTransition:
            refused.append(True)
    assert refused == [True, False, True, True, True, False, False, True, True, False, True, False]
    project = now(project)
    assert (project.status, project.resumes_as, project.status_note) == (Status.PAUSED, Status.BUILDING, "下雨")

    project = projects.resume(project, by=secretary)
    assert (project.status, project.status_note) == (Status.BUILDING, "")
    project = projects.correct(project, by=chief, reason="点错了按钮")
    assert (project.status, project.resumes_as, project.status_note) == (Status.PAUSED, Status.BUILDING, "下雨")
    done = accepted(projects.resume(project, by=secretary), secretary)
    project = projects.correct(done, by=chief, reason="还没有验收")
    assert (project.status, project.final_cost, project.accepted_on, project.final_words) == (
        Status.BUILDING, None, None, "",
    )  # fmt: skip


def test_what_was_never_asked_stays_unseen_and_a_vote_taken_back_is_gone(cast):
    idea = proposed(cast.homes["here"], cast.secretary)
    projects.ask_cancel(idea, by=cast.secretary, reason="不办了")
    projects.cancel(now(idea), by=cast.district_officer, reason="不办了")
    voted = brought_to(Status.AGREED, cast.homes["here"], cast.secretary)
    assert set(CommunityProject.objects.public().filter(pk__in=[idea.pk, voted.pk])) == {voted}
    assert not now(idea).is_public
    assert now(voted).is_public
    assert idea.slug != voted.slug
    projects.correct(voted, by=cast.district_officer, reason="票数记错了")
    assert (now(voted).status, now(voted).votes, now(voted).scan.name) == (Status.CONSULTING, {}, "")


def test_every_public_text_is_refused_with_a_flat_in_it(cast):
    by, flat = cast.secretary, "谢谢3栋501"
    project = brought_to(Status.FUNDING, cast.homes["here"], by)
    step = project_news.plan_step(project, by=by, name="拆旧", planned_on=in_days(1))
    update = project_news.tell(now(project), by=by, words="开会")
    line = bookkeeping.receive(source_of(project), by=by, amount="9", words="一笔")
    refused = 0
    for verb, record, given in (
        *((projects.write, project, {name: flat}) for name in ("name", "lead", "plan", "story", "unit_name")),
        (projects.pause, project, {"reason": flat}),
        (projects.start, project, {"contractor": flat}),
        (projects.start, project, {"contractor": "甲", "short_of_budget": flat}),
        (project_news.plan_step, project, {"name": flat, "planned_on": in_days(1)}),
        (project_news.waive_step, step, {"reason": flat}),
        (project_news.tell, project, {"words": "打13812345678"}),
        (project_news.revise, update, {"words": "430103194901010017"}),
        (project_news.show_photo, project, {"large": None, "small": None, "alt": flat}),
        (bookkeeping.budget, project, {"name": flat, "amount": "1"}),
        (bookkeeping.commit, project, {"kind": "households", "name": flat, "committed": "1"}),
        (bookkeeping.receive, source_of(project), {"words": flat, "amount": "1"}),
        (bookkeeping.pay, use_of(project), {"words": flat, "amount": "1"}),
        (bookkeeping.reverse, line, {"reason": flat}),
    ):
        with pytest.raises(IllegalTransition, match="人人都能看"):
            verb(record, by=by, **given)
        refused += 1
    with pytest.raises(IllegalTransition, match="人人都能看"):
        proposed(cast.homes["here"], by, scope=flat)
    assert refused == 18


def test_a_ledger_is_appended_to_and_a_line_reversed_once(cast):
    by = cast.secretary
    project = brought_to(Status.BUILDING, cast.homes["here"], by)
    bookkeeping.receive(source_of(project), by=by, amount="700", words="维修资金到账")
    wrong = bookkeeping.pay(use_of(project), by=by, amount="200.55", words="预付款")
    wrong.words = "改一改"
    for change in (wrong.save, wrong.delete):
        with pytest.raises(TypeError):
            change()
    received = LedgerLine.objects.get(source__isnull=False, project=project)
    with pytest.raises(IllegalTransition, match="已经付出去"):
        bookkeeping.reverse(received, by=by, reason="记错了")
    back = bookkeeping.reverse(wrong, by=by, reason="记错了")
    for again in (wrong, back):
        with pytest.raises(IllegalTransition):
            bookkeeping.reverse(again, by=by, reason="记错了")
    for amount, said in (
        ("700.01", "账上只有"),
        ("0", "大于0"),
        ("-1", "大于0"),
        ("1.005", "写到分"),
        ("1e12", "百亿"),
    ):
        with pytest.raises(IllegalTransition, match=said):
            bookkeeping.pay(use_of(project), by=by, amount=amount, words="料")
    assert [str(line.amount) for line in project.ledger.all()] == ["700.00", "200.55", "-200.55"]
    assert (now(project).received, now(project).paid) == (Decimal(700), Decimal(0))
    projects.correct(now(project), by=cast.district_officer, reason="点错了按钮")
    with pytest.raises(IllegalTransition, match="记过钱"):
        projects.correct(now(project), by=cast.district_officer, reason="点错了按钮")


def test_progress_is_counted_by_weight_of_what_is_not_waived(cast):
    by = cast.secretary
    project = brought_to(Status.BUILDING, cast.homes["here"], by)  # 拆旧 weighs 1, 装新 2
    one, two = project.milestones.all()
    told = [project.milestones.progress()]
    project_news.finish_step(one, by=by)
    told.append(project.milestones.progress())
    project_news.plan_step(now(project), by=by, name="打扫", planned_on=in_days(3), weight=100)
    third = project.milestones.last()
    told.append(project.milestones.progress())
    project_news.waive_step(third, by=by, reason="住户自己打扫了")
    project_news.finish_step(two, by=by)
    told.append(project.milestones.progress())
    assert told == [0, 33, 0, 100]
    assert CommunityProject.objects.with_progress().get(pk=project.pk).progress == 100
    with pytest.raises(IllegalTransition, match="已经办过"):
        project_news.finish_step(third, by=by)


def test_a_form_sent_twice_counts_once(cast):
    by = cast.secretary
    project = brought_to(Status.FUNDING, cast.homes["here"], by)
    given = {"by": by, "version": project.version}
    for verb, record, fields in (
        (bookkeeping.receive, source_of(project), {"amount": "5", "words": "一笔"}),
        (project_news.tell, project, {"words": "开会"}),
        (project_news.plan_step, project, {"name": "拆旧", "planned_on": in_days(1)}),
    ):
        verb(record, **given, **fields)
        with pytest.raises(IllegalTransition, match="刚刚有人处理过"):
            verb(record, **given, **fields)
        given["version"] = now(project).version
    assert (project.ledger.count(), project.updates.count(), project.milestones.count()) == (1, 1, 1)


def test_the_road_leaves_an_event_for_every_step(cast):
    project = brought_to(Status.ACCEPTED, cast.homes["here"], cast.secretary)
    events = Event.objects.filter(subject="homes.communityproject", subject_pk=project.pk).order_by("pk")
    assert [event.after for event in events if event.before != event.after] == list(ROAD)
