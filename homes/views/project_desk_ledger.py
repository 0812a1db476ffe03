"""The money of a project at the desk: budget, sources, the ledger with what is left after each line, Excel."""

from django.shortcuts import render
from django.urls import reverse

from branches.access import Action
from branches.views.desk_posting import may
from config.spreadsheet import download, workbook
from homes import bookkeeping as verbs
from homes import project_story
from homes.models import BudgetLine, LedgerLine
from homes.project_forms import BudgetForm, CommitForm, LineForm, ReverseForm, StepForm
from homes.views.project_desk import crumbs, own_part, own_project, project_page
from homes.views.project_desk_steps import step_page

COLUMNS = (
    "第几笔",
    "日期",
    "摘要",
    "来源或用处",
    "收入（元）",
    "支出（元）",
    "结余（元）",
    "凭证号",
    "冲销第几笔",
    "谁记的",
    "登记时间",
)


def ledger_of(found):
    return reverse("projects:ledger", args=[found.pk])


@project_page()
def budget(request, pk):
    return step_page(
        request, own_project(request, pk), BudgetForm, verbs.budget, title="写预算", button="写上", done="写上了。",
        lead="钱用在哪里，一项一项写。开工以后不能再改。",
    )  # fmt: skip


@project_page()
def strike_out(request, pk):
    row = own_part(request, BudgetLine, pk)
    return step_page(
        request, row.project, StepForm, lambda _project, **given: verbs.strike_out(row, **given),
        title=f"去掉这一项预算：{row}", button="去掉", done="去掉了。", kind="act",
    )  # fmt: skip


@project_page()
def commit(request, pk):
    return step_page(
        request, own_project(request, pk), CommitForm, verbs.commit, title="写资金来源", button="写上", done="写上了。",
        lead="谁答应出多少，按来源写合计。网站只记账，不收钱。",
    )  # fmt: skip


@project_page(Action.VIEW, methods=("GET", "HEAD"))
def ledger(request, pk):
    """Every line, the newest first, with what was left after it."""
    found = own_project(request, pk, Action.VIEW)
    may_change = may(request, found)
    context = {
        "project": found,
        "crumbs": crumbs(request, found),
        "money": project_story.money(found),
        "may_keep": may_change and found.status in verbs.KEPT,
        "may_reverse": may_change,
    }
    return render(request, "desk/projects/ledger.html", context)


@project_page()
def receive(request, pk):
    found = own_project(request, pk)

    def make(*args, **kwargs):
        return LineForm(*args, label="从哪里来", of=found.sources.all(), **kwargs)

    return step_page(
        request, found, make, lambda _project, *, of, **given: verbs.receive(of, **given), title="记一笔收入",
        button="记下来", done="记下了。", to=ledger_of(found), lead="钱已经到了账上才记。记了不能改，记错了冲销。",
    )  # fmt: skip


@project_page()
def pay(request, pk):
    found = own_project(request, pk)

    def make(*args, **kwargs):
        return LineForm(*args, label="用在哪里", of=found.budget.all(), **kwargs)

    return step_page(
        request, found, make, lambda _project, *, of, **given: verbs.pay(of, **given), title="记一笔支出",
        button="记下来", done="记下了。", to=ledger_of(found),
        lead=f"账上还有{found.left:,.2f}元。记了不能改，记错了冲销。",
    )  # fmt: skip


@project_page()
def reverse_line(request, pk):
    row = own_part(request, LedgerLine, pk)
    return step_page(
        request, row.project, ReverseForm, lambda _project, **given: verbs.reverse(row, **given),
        title="冲销这一笔", button="冲销", done="冲销了，原来那一笔还在，旁边写明记错了。", kind="act",
        to=ledger_of(row.project), lead=f"{row.on:%Y年%-m月%-d日}，{row.words}，{row.amount:,.2f}元。",
    )  # fmt: skip


@project_page(Action.VIEW, methods=("GET", "HEAD"))
def excel(request, pk):
    """The whole ledger, the oldest line first."""
    found = own_project(request, pk, Action.VIEW)
    lines = project_story.money(found).lines[::-1]
    number = {line.pk: place for place, line in enumerate(lines, start=1)}
    names = {line.pk: str(line.by or "") for line in found.ledger.select_related("by")}
    rows = [
        (
            number[line.pk], line.on.isoformat(), line.words, line.of, f"{line.amount:.2f}" if line.is_in else "",
            "" if line.is_in else f"{line.amount:.2f}", f"{line.left:.2f}", line.voucher,
            number.get(line.reverses_id, ""), names[line.pk], f"{line.created_at:%Y-%m-%d %H:%M}",
        )
        for line in lines
    ]  # fmt: skip
    return download(workbook("账目", COLUMNS, rows), f"{found.name}账目.xlsx")
