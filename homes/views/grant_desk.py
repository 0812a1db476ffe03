"""/desk/grants/: the money of one year by street and home; one grant with its instalments; on paper, in Excel."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from branches import audit
from branches.access import Action, allowed
from branches.models import Division, Event
from branches.steps import corrects
from branches.views.desk import Section, add_section, desk_page, way_in
from branches.views.desk_posting import may, own
from config.spreadsheet import download, workbook_of
from homes import grant_sums, granting
from homes.models import Grant, Home, Instalment

Status = Grant.Status
MOST = 200  # grants told one by one; of more, only what they come to
KEY_MOST = 9  # digits of a number in the address
add_section(Section("经费", "grants:desk", Grant, "给各个家的钱：计划、批准、拨付、结清。"))
EVENTS = {
    "plan": "列了计划", "approve": "批准", "pay": "拨了一笔", "reverse": "冲销一笔", "settle": "结清", "cancel": "取消",
    "correct": "更正，退回上一步", "enter": "录入",
}  # fmt: skip
PARTS = {"approve": "等着批准的", "idle": "批了一个月还没拨的"}


def crumbs(request, found=None):
    """The way to a page of the desk: [(label, url)], through the grant's page where it is about one."""
    way = [*way_in(request.user), ("经费", reverse("grants:desk"))]
    if found is not None:
        way.append((str(found), reverse("grants:grant", args=[found.pk])))
    return way


class Asked:
    """What the address asks for: a year, a street, a home, a state, a part of what waits. Odd values ask for nothing.

    Without a year it is this one, or the newest there is; what waits, or belongs to one home, is of every year.
    """

    def __init__(self, request, action=Action.VIEW):
        self.user = request.user
        self.all = Grant.objects.visible_to(request.user, action)
        self.years = grant_sums.years(self.all)
        known = {str(year): year for year, *_ in self.years}
        self.streets = list(Division.objects.where_granted(request.user, action, Grant).streets())
        self.street = next((each for each in self.streets if each.code == request.GET.get("street")), None)
        self.part = request.GET.get("part") if request.GET.get("part") in PARTS else ""
        self.status = request.GET.get("status") if request.GET.get("status") in Status.values else ""
        self.home = self._home(request.GET.get("home", ""))
        self.year = known.get(request.GET.get("year", ""))
        if self.year is None and not (self.part or self.home or request.GET.get("year") == "all"):
            this = timezone.localdate().year
            self.year = this if this in known.values() or not known else max(known.values())

    def _home(self, key):
        if not (key.isascii() and key.isdecimal() and len(key) <= KEY_MOST):
            return None
        return Home.objects.where_granted(self.user, Action.VIEW, Grant).filter(pk=key).first()

    def grants(self):
        rows = self.all
        if self.year:
            rows = rows.filter(year=self.year)
        if self.street:
            inside = self.street.pk
            rows = rows.filter(home__division=inside) | rows.filter(home__division__parent=inside)
        if self.home:
            rows = rows.filter(home=self.home)
        if self.status:
            rows = rows.filter(status=self.status)
        if self.part == "approve":
            rows = grant_sums.to_approve(self.user, rows)
        return grant_sums.idle(rows) if self.part == "idle" else rows

    def query(self, **changes):
        """The address's question with these changes."""
        asked = {
            "year": self.year or "all", "street": self.street.code if self.street else "", "status": self.status,
            "home": self.home.pk if self.home else "", "part": self.part,
        } | changes  # fmt: skip
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def title(self):
        words = [f"{self.year}年" if self.year else "各年", self.street.name if self.street else ""]
        words += [self.home.name if self.home else "", PARTS.get(self.part, "")]
        words.append(Status(self.status).label if self.status else "")
        return "　".join(word for word in words if word)


@desk_page(Action.VIEW, Grant, methods=("GET", "HEAD"))
def grants(request):
    """One year's money, as the filters narrow it; its sums are of exactly the rows below."""
    asked = Asked(request)
    groups = grant_sums.by_place(asked.grants())
    context = {
        "asked": asked,
        "groups": groups,
        "number": sum(len(home.rows) for street in groups for home in street.rows),
        "total": grant_sums.total(groups),
        "years": [(year, approved, paid, asked.query(year=year)) for year, approved, paid in asked.years],
        "streets": [(each, asked.query(street=each.code)) for each in asked.streets],
        "anywhere": asked.query(street=""),
        "states": [("全部状态", asked.query(status=""), not asked.status)]
        + [(label, asked.query(status=value), value == asked.status) for value, label in Status.choices],
        "most": MOST,
        "may_plan": allowed(request.user, Action.ADD, Grant),
        "may_export": allowed(request.user, Action.EXPORT, Grant),
        "may_change": allowed(request.user, Action.CHANGE, Grant),
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "desk/grants/list.html", context)


@desk_page(Action.VIEW, Grant, methods=("GET", "HEAD"))
def paper(request):
    """The same list on A4, with a line to sign on."""
    asked = Asked(request)
    groups = grant_sums.by_place(asked.grants())
    context = {"asked": asked, "groups": groups, "total": grant_sums.total(groups), "today": timezone.localdate()}
    return render(request, "desk/grants/paper.html", context)


@desk_page(Action.EXPORT, Grant, methods=("GET",))
def export(request):
    """The same list for the accounts office: a sheet of grants, a sheet of what was paid. Written into the trail."""
    asked = Asked(request, Action.EXPORT)
    rows = list(asked.grants().select_related("home__division__parent").order_by("home__division__code", "home", "pk"))
    paid = Instalment.objects.filter(grant__in=[row.pk for row in rows]).select_related("grant__home", "reverses")
    sheets = [("经费", grant_lines(rows)), ("拨款", instalment_lines(paid))]
    audit.record(
        audit.Action.EXPORT, by=request.user, label=f"经费（{asked.title()}）", rows=len(rows), asked=asked.query()
    )
    return download(workbook_of(sheets), f"经费-{asked.year or '各年'}-{timezone.localdate():%Y%m%d}.xlsx")


def grant_lines(rows):
    """The sheet of grants: a heading, a line each, the sums."""
    lines = [(
        "街道", "社区", "家", "年度", "用途", "状态", "计划（元）", "批准（元）", "已拨（元）", "还没拨（元）",
        "批准日期", "结清或取消日期", "说明",
    )]  # fmt: skip
    for row in rows:
        home = row.home
        lines.append((
            (home.street or home.division).name, home.division.name if home.street != home.division else "", home.name,
            row.year, row.purpose, row.get_status_display(), row.planned,
            "" if row.approved is None else row.approved, row.paid, grant_sums.to_pay(row), row.approved_on or "",
            row.closed_on or "", row.closed_words,
        ))  # fmt: skip
    sums = grant_sums.sums_of(rows)
    return [*lines, ("合计（取消的不算）", "", "", "", "", "", *sums, "", "", "")]


def instalment_lines(rows):
    """The sheet of what was paid; a reversal is a negative line that names the day of the one it takes back."""
    lines = [("家", "年度", "用途", "日期", "金额（元）", "凭证号", "说明", "冲销的是哪天的一笔")]
    amount = grant_sums.NOTHING
    for row in rows:
        amount += row.amount
        reverses = row.reverses.paid_on if row.reverses else ""
        lines.append(
            (row.grant.home.name, row.grant.year, row.grant.purpose, row.paid_on, row.amount, row.voucher, row.words,
             reverses)
        )  # fmt: skip
    return [*lines, ("合计", "", "", "", amount, "", "", "")]


def own_grant(request, pk, action=Action.CHANGE):
    rows = Grant.objects.select_related("home__division__parent", "planned_by", "approved_by")
    return own(request, Grant, pk, action, rows)


def steps_of(grant, user):
    """[(words, name of the address, kind of button)] that this user may take now, the main one first."""
    steps = []
    match grant.status:
        case Status.PLANNED if grant.planned_by_id != user.pk:
            steps = [("批准", "approve", "")]
        case Status.APPROVED | Status.DISBURSED if grant.left:
            steps = [("记一笔拨款", "pay", "")]
    if grant.status == Status.DISBURSED and grant.paid:
        steps.append(("结清", "settle", "quiet" if steps else ""))
    if grant.status in (Status.PLANNED, Status.APPROVED, Status.DISBURSED) and not grant.paid:
        steps.append(("取消", "cancel", "act"))
    if corrects(user) and granting.correctable(grant):
        steps.append(("更正，退回上一步", "correct", "quiet"))
    return steps


@desk_page(Action.VIEW, Grant, methods=("GET", "HEAD"))
def grant(request, pk):
    """One grant: what was planned, approved and paid, and who did it."""
    found = own_grant(request, pk, Action.VIEW)
    changes = may(request, found)
    paid = list(found.instalments.select_related("by", "reverses", "reversed_by"))
    amounts = {each.pk: each.amount for each in paid}
    events = Event.objects.filter(subject=found._meta.label_lower, subject_pk=pk)
    context = {
        "grant": found,
        "to_pay": grant_sums.to_pay(found),
        "instalments": paid,
        "may_reverse": changes and found.status == Status.DISBURSED,
        "steps": [
            (words, reverse(f"grants:{name}", args=[pk]), kind) for words, name, kind in steps_of(found, request.user)
        ]
        if changes
        else [],
        "own_plan": changes and found.status == Status.PLANNED and found.planned_by_id == request.user.pk,
        "events": [
            (each, EVENTS.get(each.event, each.event), amounts.get(each.data.get("instalment"))) for each in events
        ],
        "crumbs": crumbs(request),
    }
    return render(request, "desk/grants/grant.html", context)
