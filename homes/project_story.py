"""What the page of a project says, worked out of its rows: where it stands, early or late, and every yuan."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from django.db.models import IntegerField, TextField, Value
from django.db.models.functions import Cast

from homes.models import CommunityProject, FundingSource, LedgerLine
from homes.models.project import percent

Status = CommunityProject.Status
SIDES = (("for", "同意"), ("against", "不同意"), ("absent", "没有表态"))
NOTHING = Decimal("0.00")
# how far each state is along the line of steps
REACHED = {
    Status.PROPOSED: 0, Status.CONSULTING: 0, Status.NOT_AGREED: 0, Status.AGREED: 1, Status.FUNDING: 1,
    Status.BUILDING: 2, Status.ACCEPTED: 4,
}  # fmt: skip
# the lists: what is going on first, then what was achieved, then what came to nothing
ORDER = (
    Status.BUILDING, Status.FUNDING, Status.CONSULTING, Status.AGREED, Status.ACCEPTED, Status.PAUSED,
    Status.NOT_AGREED, Status.CANCELLED, Status.PROPOSED,
)  # fmt: skip
STANDS = {
    Status.PROPOSED: "刚提出来，还没有问大家。",
    Status.CONSULTING: "正在问大家的意见。",
    Status.AGREED: "大家同意了，接着要筹钱。",
    Status.NOT_AGREED: "这次没有通过，先不办。",
    Status.FUNDING: "正在筹钱。",
    Status.BUILDING: "正在施工。",
    Status.ACCEPTED: "办成了。",
    Status.PAUSED: "暂时停一停。",
    Status.CANCELLED: "不办了。",
}


class Sum(NamedTuple):
    """One row of a table of money: a source with what it promised and gave, a use with its budget and what it cost."""

    pk: int
    name: str
    planned: Decimal
    actual: Decimal


class Money(NamedTuple):
    """The two tables of a project and its ledger, the newest line first. Every total is a sum of lines."""

    sources: list
    uses: list
    committed: Decimal
    received: Decimal
    budget: Decimal
    paid: Decimal
    lines: list

    @property
    def left(self):
        return self.received - self.paid

    @property
    def known(self):
        return bool(self.sources or self.uses or self.lines)


LINE = ("pk", "amount", "on", "words", "voucher", "reverses_id", "created_at")


def money(project):
    """The money of a project, in one query: sources and uses, each with its lines of the ledger or with none."""
    of_line = [f"lines__{column}" for column in LINE]
    rows = list(
        project.sources.order_by()
        .annotate(way=Value("in"), place=Value(0), told=Cast("kind", TextField()))
        .values_list("way", "place", "pk", "name", "told", "committed", *of_line)
        .union(
            project.budget.order_by()
            .annotate(way=Value("out"), place=Cast("order", IntegerField()), told=Value("", TextField()))
            .values_list("way", "place", "pk", "name", "told", "amount", *of_line),
            all=True,
        )
    )
    parts, lines = sorted({row[:6] for row in rows}), []
    for way, _, pk, *_, in_ledger in ((*row[:6], row[6:]) for row in rows if row[6] is not None):
        of = {"source_id": pk} if way == "in" else {"budget_line_id": pk}
        lines.append(LedgerLine(project=project, **of, **dict(zip(LINE, in_ledger, strict=True))))
    lines.sort(key=lambda line: (line.on, line.pk))
    actual, left = defaultdict(lambda: NOTHING), NOTHING
    names = {(way, pk): name or FundingSource.Kind(told).label for way, _, pk, name, told, _ in parts}
    for line in lines:
        way = ("in", line.source_id) if line.source_id else ("out", line.budget_line_id)
        actual[way] += line.amount
        line.is_in, line.of = way[0] == "in", names[way]
        left += line.amount if line.is_in else -line.amount
        line.left = left  # what was in the box after it
    taken_back = {line.reverses_id for line in lines}
    for line in lines:
        line.is_reversed = line.pk in taken_back
    rows = {"in": [], "out": []}
    for way, _, pk, _, _, planned in parts:
        rows[way].append(Sum(pk, names[way, pk], Decimal(planned), actual[way, pk]))
    sources, uses = rows["in"], rows["out"]
    return Money(
        sources, uses,
        sum((row.planned for row in sources), NOTHING), sum((row.actual for row in sources), NOTHING),
        sum((row.planned for row in uses), NOTHING), sum((row.actual for row in uses), NOTHING),
        lines[::-1],
    )  # fmt: skip


def progress_of(milestones):
    """The same number as `MilestoneQuerySet.progress`, of rows that are here already."""
    kept = [row for row in milestones if not row.waived]
    return percent(sum(row.weight for row in kept if row.done_on), sum(row.weight for row in kept))


def timed(milestones, today):
    """The steps of the work, each with `said`: what its two days come to, in words, and `state` of the line."""
    for row in milestones:
        row.state = "done" if row.done_on else "ahead"
        if row.waived:
            row.said = f"不做了：{row.waived}"
        elif row.done_on:
            days = (row.done_on - row.planned_on).days
            row.said = "按时完成" if not days else f"提前{-days}天完成" if days < 0 else f"晚了{days}天完成"
        else:
            days = (today - row.planned_on).days
            row.said = f"还没有完成，比计划晚了{days}天" if days > 0 else "还没有到日子" if days else "计划今天完成"
    return milestones


def votes(project):
    """[(side, households, square metres)] as the paper said; [] where nobody was asked, or no result is known."""
    kept = project.votes or {}
    return [(label, kept[side]["households"], Decimal(kept[side]["area"])) for side, label in SIDES if side in kept]


def line_of_steps(project, progress, committed):
    """Where it stands, as components/steps.html draws it: [{title, text, state, when}]."""
    status = project.resumes_as if project.status == Status.PAUSED else project.status
    texts = (
        ("问大家", _asked(project), ""),
        ("筹钱", f"已经认定{committed:,.2f}元" if committed else "", ""),
        ("施工", "，".join(filter(None, (_contractor(project), _done(status, progress)))), ""),
        ("验收", project.final_words, f"{project.accepted_on:%Y年%-m月%-d日}" if project.accepted_on else ""),
    )
    if status == Status.CANCELLED:
        told = [_step(*texts[0], "done")] if project.votes else []
        return [*told, _step("不办了", project.status_note, "", "ended")]
    reached = REACHED[status]
    if status == Status.NOT_AGREED:
        return [_step(*texts[0], "done"), _step("没有通过", "这次先不办。", "", "ended")]
    steps = [
        _step(*text, "done" if place < reached else "now" if place == reached else "ahead")
        for place, text in enumerate(texts)
    ]
    if project.status == Status.PAUSED:
        steps[reached]["state"] = "ended"
        steps[reached]["title"] += "（暂停）"
    return steps


def _step(title, text, when, state):
    return {"title": title, "text": text, "when": when, "state": state}


def _asked(project):
    if project.votes:
        return "，".join(f"{label}{households}户" for label, households, _ in votes(project))
    until = project.consult_until
    return f"意见收到{until:%Y年%-m月%-d日}为止" if until and project.status == Status.CONSULTING else ""


def _contractor(project):
    return f"施工单位：{project.contractor}" if project.contractor else ""


def _done(status, progress):
    return f"步骤完成了{progress}%" if status == Status.BUILDING and progress is not None else ""
