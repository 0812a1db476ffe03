"""Sample projects in every state at sample homes; sample steps, money, news and photographs of those a report names.

Of a project that a report names, nothing the report says is touched: every row that is added says 示例 in its words.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.demo_words import REASON
from homes import bookkeeping, projects
from homes.demo_photos import stored
from homes.demo_pictures import WORKS
from homes.loading import by_slug
from homes.models import (
    BudgetLine,
    CommunityProject,
    FundingSource,
    Home,
    LedgerLine,
    Milestone,
    ProjectPhoto,
    ProjectUpdate,
)

Status, Kind = CommunityProject.Status, FundingSource.Kind
FEN = Decimal("0.01")
# what each is called, what it does, what it costs in yuan, for how many households
SAMPLES = (
    (Status.BUILDING, "示例：旧楼换新电梯", "更新4部用了20多年的电梯。", 960_000, 168),
    (Status.FUNDING, "示例：院里装路灯", "在院里的小路两边装18盏路灯。", 54_000, 96),
    (Status.CONSULTING, "示例：楼道装扶手", "在六个楼道里，从一楼到顶楼装上扶手。", 36_000, 72),
    (Status.AGREED, "示例：门口修坡道", "把大门口的五级台阶旁边修一条缓坡。", 28_000, 240),
    (Status.PAUSED, "示例：屋顶补漏", "给三栋楼的屋顶重做防水。", 120_000, 90),
    (Status.NOT_AGREED, "示例：花坛改停车位", "把东边的花坛改成八个停车位。", 46_000, 130),
    (Status.CANCELLED, "示例：加装快递柜", "在门房旁边加一组快递柜。", 18_000, 110),
    (Status.PROPOSED, "示例：建一个棋亭", "在银杏树下建一个能坐八个人的棋亭。", 32_000, 150),
)
UNIT = {Status.BUILDING: (4, "部电梯"), Status.FUNDING: (18, "盏路灯")}
# (step, weight, days after the first one was planned for, days late; None: not done yet)
WORK = (
    ("旧设备拆除", 1, 0, -3), ("井道加固", 2, 30, 0), ("新设备安装", 4, 80, 6), ("检验和试运行", 2, 110, None),
    ("打扫和交付", 1, 125, None),
)  # fmt: skip
DONE = (0, 8, 0, -4, 12)  # days late of the same steps where all of them are done
SOURCES = ((Kind.HOUSEHOLDS, "居民自筹（合计）", 30), (Kind.REPAIR_FUND, "维修资金", 45),
           (Kind.DISTRICT, "区里补助", 20), (Kind.ENTERPRISE, "单位支持", 5))  # fmt: skip
USES = (("设备", 62), ("安装和拆除", 26), ("检验", 4), ("打扫和其他", 8))
NEWS = (
    (2, "开了第一次碰头会，带头的人分头到各楼去说明。（示例）"),
    (34, "旧设备拆完了，谢谢大家这些天多走的楼梯。行动不便的邻居，志愿者送菜送饭上门。（示例）"),
    (86, "新设备到了，三天内装好第一批。（示例）"),
    (118, "第一批试运行，坐起来又稳又静。住在高楼的几位老人下楼晒太阳，说像过年一样。（示例）"),
)
QUARTERS = (30, 30, 20, 18)  # per cent of the budget, in the order they are paid: a little is saved
PAID_AS = ("预付款（示例）", "进度款（示例）", "进度款（示例）", "结算款（示例）")
MONEY_IN, MONEY_OUT = (Status.FUNDING, Status.BUILDING, Status.PAUSED, Status.ACCEPTED), (Status.BUILDING,)
KNOWN_SINCE = date(2022, 3, 1)  # an invented day, as all days of samples are


def load_projects(arrivals):
    """Bring in what is not there yet."""
    known, made = by_slug(CommunityProject), []
    homes = list(Home.objects.public().filter(is_sample=True).order_by("slug"))
    for turn, sample in enumerate(SAMPLES):
        if homes and f"sample-project-{turn + 1}" not in known:
            made.append(_project(turn, homes[turn * 2 % len(homes)], *sample))
    if made:
        projects.enter(made, by=None, reason=REASON)
        arrivals.created[CommunityProject._meta.verbose_name] += len(made)
    for project in made:
        since = timezone.localdate() - timedelta(days=95)
        if project.status in MONEY_IN:
            _finance(project, since, project.cost_high)
        if project.status in MONEY_OUT:
            _work(project, since, [late for *_, late in WORK], arrivals)
    for project in CommunityProject.objects.filter(is_sample=False, status=Status.ACCEPTED).exclude(
        raised_at_least=None
    ):
        if not (project.milestones.exists() or project.sources.exists() or project.updates.exists()):
            _finance(project, KNOWN_SINCE, project.raised_at_least)
            _work(project, KNOWN_SINCE, DONE, arrivals)


def _project(turn, home, status, name, scope, cost, households):
    today = timezone.localdate()
    count, unit = UNIT.get(status, (None, ""))
    project = CommunityProject(
        slug=f"sample-project-{turn + 1}", name=name, home=home, status=status, scope=scope, is_sample=True,
        lead=f"{scope.rstrip('。')}，街坊们商量着办。", plan="分两批办，先难后易。每一批办完，请住户代表来看。",
        story="这是示例数据，用来试看网页：事情、钱数和日子都是编的。\n\n真的项目，由支部把来龙去脉写在这里。",
        cost_low=Decimal(cost * 9 // 10), cost_high=Decimal(cost), households=households, leading_members=5 + turn,
        unit_count=count, unit_name=unit, consult_until=today - timedelta(days=130 - turn), source=REASON,
    )  # fmt: skip
    if status == Status.CONSULTING:
        project.consult_until = today + timedelta(days=9)
    elif status != Status.PROPOSED:
        project.votes = _votes(households, agreed=status != Status.NOT_AGREED)
    if status == Status.PAUSED:
        project.resumes_as, project.status_note = Status.FUNDING, "连着下雨，等天晴了再接着办。（示例）"
    if status == Status.CANCELLED:
        project.status_note = "门房旁边地方太窄，放下快递柜就走不了轮椅。没有收过钱。（示例）"
    if status == Status.BUILDING:
        project.contractor = "示例电梯工程公司"
    return project


def _votes(households, *, agreed):
    side = {"for": households * (88 if agreed else 41) // 100, "against": households * (4 if agreed else 38) // 100}
    side["absent"] = households - sum(side.values())
    return {name: {"households": number, "area": f"{number * 92}.50"} for name, number in side.items()}


def _finance(project, since, total):
    """Where the money comes from and what it is for; in the ledger, what came in, and went out where it is built."""
    total = Decimal(total)
    sources = [
        FundingSource(project=project, kind=kind, name=f"示例：{name}", committed=(total * share / 100).quantize(FEN))
        for kind, name, share in SOURCES
    ]
    uses = [
        BudgetLine(project=project, name=f"示例：{name}", amount=(total * share / 100).quantize(FEN), order=10 * place)
        for place, (name, share) in enumerate(USES, start=1)
    ]
    sources = bulk_create_with_history(sources, FundingSource, default_change_reason=REASON)
    uses = bulk_create_with_history(uses, BudgetLine, default_change_reason=REASON)
    part = {Status.FUNDING: 3, Status.PAUSED: 2}.get(project.status, 5)  # fifths that have come in
    lines = [
        LedgerLine(
            project=project,
            source=source,
            amount=(source.committed / 5).quantize(FEN) * turn_share,
            on=day,
            words=words,
        )
        for place, source in enumerate(sources)
        for turn_share, day, words in (
            (min(part, 2), since + timedelta(days=3 * place), "第一笔（示例）"),
            (part - min(part, 2), since + timedelta(days=40 + 3 * place), "第二笔（示例）"),
        )
        if turn_share
    ]
    if project.status in (Status.BUILDING, Status.ACCEPTED):
        paid = {Status.BUILDING: 2, Status.ACCEPTED: 4}[project.status]  # quarters
        lines += [
            LedgerLine(
                project=project, budget_line=use, amount=(use.amount * QUARTERS[turn] / 100).quantize(FEN), words=words,
                on=since + timedelta(days=20 + 22 * turn),
            )
            for use in uses
            for turn, words in enumerate(PAID_AS[:paid])
        ]  # fmt: skip
    entered = bookkeeping.enter_ledger(project, lines, by=None, reason=REASON)
    if project.status == Status.BUILDING:
        _mistake(project, entered[-1])


def _mistake(project, line):
    """A line that was entered twice, and taken back: so that one sees how that looks."""
    twice = LedgerLine(project=project, budget_line=line.budget_line, amount=line.amount, on=line.on, words=line.words)
    back = LedgerLine(
        project=project,
        budget_line=line.budget_line,
        amount=-line.amount,
        on=line.on,
        words="冲销：记了两次（示例）",
    )
    bookkeeping.enter_ledger(project, [twice], by=None, reason=REASON)
    back.reverses = twice
    bookkeeping.enter_ledger(project, [back], by=None, reason=REASON)


def _work(project, since, late, arrivals):
    """Steps, planned and done; news; two photographs."""
    today = timezone.localdate()
    steps = [
        Milestone(
            project=project, name=f"示例：{name}", weight=weight, order=10 * place,
            planned_on=since + timedelta(days=20 + after),
            done_on=None if days is None else min(since + timedelta(days=20 + after + days), today),
        )
        for place, ((name, weight, after, _), days) in enumerate(zip(WORK, late, strict=True), start=1)
    ]  # fmt: skip
    steps = bulk_create_with_history(steps, Milestone, default_change_reason=REASON)
    news = [ProjectUpdate(project=project, on=since + timedelta(days=days), words=words) for days, words in NEWS]
    news = [each for each in news if each.on <= today]
    evening = datetime.combine(news[1].on + timedelta(days=1), time(18))
    news[1].revised_at = timezone.make_aware(evening)
    bulk_create_with_history(news, ProjectUpdate, default_change_reason=REASON)
    done = all(step.done_on for step in steps)
    photos = [
        ProjectPhoto(project=project, milestone=step, taken_on=step.done_on, is_sample=True,
                     **stored(WORKS, project.pk % 3, finished))
        for step, finished in ((steps[0], False), (steps[-1], True))
        if done or not finished
    ]  # fmt: skip
    bulk_create_with_history(photos, ProjectPhoto, default_change_reason=REASON)
    for rows in (steps, news, photos):
        arrivals.created[rows[0]._meta.verbose_name] += len(rows)
