"""/desk/circles/siting/: which applications would bring most members into a circle; on the screen and in Excel."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from branches import audit
from branches import map as drawing
from branches.access import Action, allowed
from branches.fields import YuanField
from branches.forms import DeskForm
from branches.models import Division
from branches.views.desk import desk_page
from config.spreadsheet import download, workbook_of
from homes.circles.pace import PACES, USUAL, pace_named
from homes.circles.proposals import propose
from homes.models import Coverage
from homes.views.application_desk import address
from homes.views.circles_desk import crumbs

MOST = 10
TITLE = "建在哪里最好"
TOO_HARD = "这样选，网站二十秒里没有算完。请少选几处，或者只看在办的申报，再算一次。"
WHICH = {"live": "在办的申报", "all": "全部申报过的，撤回的不算"}


class SitingForm(DeskForm):
    """How many, at which pace, for how much money, of which applications."""

    most = forms.IntegerField(
        label="选几处",
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"请写选几处：1到{MOST}的整数。"
        ),
    )
    pace = forms.ChoiceField(
        label="走得多快",
        choices=[(pace.key, f"{pace.name}（每秒{pace.speed}米，15分钟{pace.metres()}米）") for pace in PACES],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请从名单里选走得多快。"),
    )
    budget = YuanField(
        label="一共不超过多少钱（元）",
        required=False,
        help_text="可以不写。写了，就只在申请经费加起来不超过它的申报里选。例如 300000。",
    )
    which = forms.ChoiceField(
        label="在哪些申报里选",
        choices=list(WHICH.items()),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请从名单里选在哪些申报里选。"),
    )


ASKED_FIRST = {"most": 3, "pace": USUAL.key, "budget": "", "which": "live"}


def _asked(request):
    """(the form as it was asked, the Proposal or None)."""
    from homes.circles.siting import TooHardError  # noqa: PLC0415 - large, and no other page needs it

    form = SitingForm({name: request.GET.get(name, first) for name, first in ASKED_FIRST.items()})
    if not form.is_valid():
        return form, None
    asked = form.cleaned_data
    try:
        return form, propose(
            request.user, most=asked["most"], pace=pace_named(asked["pace"]), budget=asked["budget"],
            everything=asked["which"] == "all",
        )  # fmt: skip
    except TooHardError:
        form.add_error(None, TOO_HARD)
        return form, None


def _query(form):
    return "?" + urlencode({name: form.data[name] for name in ASKED_FIRST})


@desk_page(Action.VIEW, Coverage, methods=("GET", "HEAD"))
def siting(request):
    """The best choice with what each of its sites is worth, and the others that come near."""
    form, found = _asked(request)
    context = {
        "title": TITLE,
        "form": form,
        "found": found,
        "crumbs": crumbs(request, inside=True),
        "query": _query(form),
    }
    if found is not None:
        chosen, others = lines_of(found), others_of(found)
        context |= {
            "answer": found.answer,
            "which": WHICH[form.cleaned_data["which"]],
            "chosen": chosen,
            "ties": [other for other in others if other["is_tie"]],
            "runners_up": [other for other in others if not other["is_tie"]],
            "more_money": (found.answer.without_budget or 0) - found.answer.best.members,
            "unpriced": [found.applications[number] for number in found.answer.unpriced],
            "map": drawing.draw(Division.objects.district(), _places(chosen), TITLE) if chosen else None,
            "unreachable": found.answer.outside - found.answer.reachable,
            "limit": found.pace.metres(),
            "may_export": allowed(request.user, Action.EXPORT, Coverage),
            "today": timezone.localdate(),
        }
    return render(request, "desk/circles/siting.html", context)


def lines_of(found):
    """What is said of each chosen application, the one that pays most first."""
    answer = found.answer
    lines = []
    for step in answer.order:
        other = answer.replacements[step.key]
        new = set(other.keys) - set(answer.best.keys) if other else ()
        lines.append({
            "application": found.applications[step.key],
            "adds": step.adds,
            "members": step.members,
            "lost": answer.marginal[step.key],
            "instead": found.names(new),
            "with_instead": other.members if other else None,
            "fewer": answer.best.members - other.members if other else None,
        })  # fmt: skip
    return lines


def others_of(found):
    """The other choices, those as good first."""
    answer = found.answer
    return [
        {
            "names": found.names(choice.keys), "members": choice.members, "cost": choice.cost,
            "fewer": answer.best.members - choice.members, "is_tie": choice in answer.ties,
        }
        for choice in (*answer.ties, *answer.runners_up)
    ]  # fmt: skip


def _places(chosen):
    for number, line in enumerate(chosen, 1):
        row = line["application"]
        about = {"label": row.name, "number": number, "href": address(row), "sample": row.is_sample}
        yield row.longitude, row.latitude, about


@desk_page(Action.EXPORT, Coverage, methods=("GET",))
def export(request):
    """The same as a workbook. Written into the trail."""
    form, found = _asked(request)
    if found is None:
        return redirect(reverse("circles:siting") + _query(form))
    sheets = sheets_of(found, WHICH[form.cleaned_data["which"]])
    rows = len(found.answer.order)
    audit.record(audit.Action.EXPORT, by=request.user, label=TITLE, rows=rows, asked=_query(form))
    return download(workbook_of(sheets), f"{TITLE}-{timezone.localdate():%Y%m%d}.xlsx")


def sheets_of(found, which):
    """[(title, lines)]: the choice, the other choices, what was left out, how it was worked out."""
    answer, basis = found.answer, found.basis
    chosen = [(
        "次序", "申报编号", "申报", "社区", "比前面的再多几名党员", "加起来多少名", "少了它会少几名", "换成哪处最好",
        "换了一共多少名", "申请经费（元）", "怎么算的",
    )]  # fmt: skip
    for number, line in enumerate(lines_of(found), 1):
        row = line["application"]
        instead = "" if line["with_instead"] is None else line["with_instead"]
        cost = "" if row.asked is None else row.asked
        chosen.append((
            number, row.number, row.name, row.division.name, line["adds"], line["members"], line["lost"],
            line["instead"], instead, cost, basis,
        ))  # fmt: skip
    others = [("选哪几处", "多少名党员", "比最好的少几名", "经费一共（元）", "怎么算的")]
    for other in others_of(found):
        cost = "" if other["cost"] is None else other["cost"]
        others.append((other["names"], other["members"], other["fewer"], cost, basis))
    left_out = [("申报", "为什么")]
    left_out += [(row.name, "没有标位置，算不进去") for row in found.unplaced]
    left_out += [(found.applications[number].name, "没有写申请经费，限了钱就不能选") for number in answer.unpriced]
    left_out += [(row.name, "圈外的党员没有一名走得到") for row in found.useless]
    told = [
        ("问的", "答的"), ("选几处", found.most), ("在哪些申报里选", which),
        ("一共不超过多少钱（元）", "不限" if found.budget is None else found.budget),
        ("现在圈外的党员", answer.outside), ("全部建了能走到的", answer.reachable),
        ("这样选能走到的", answer.best.members),
        ("住处没有位置、算不进去的党员", found.homeless), ("怎么算的", basis),
    ]  # fmt: skip
    if answer.without_budget is not None:
        told.append(("不限钱能走到的", answer.without_budget))
    return [("建在哪里", chosen), ("别的选法", others), ("没有选的原因", left_out), ("怎么算的", told)]
