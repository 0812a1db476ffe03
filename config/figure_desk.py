"""/desk/figures/: the figures by street and by month, on the screen, on paper and in Excel; published and explained."""

import hashlib
from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities.programme import Month
from branches import audit, figures
from branches.access import Action, allowed
from branches.forms import DeskForm, StaleForm
from branches.models import Division, PublishedFigure
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, Section, add_section, attempt, desk_page, way_in
from branches.views.desk_keeping import forget
from branches.views.desk_posting import form_page, kept_page, open_form
from config.figure_tables import Sheet, Table
from config.figures import COUNTS, every_figure
from config.spreadsheet import download, workbook
from homes.public_facts import no_person

add_section(Section("数字", "desk_figures:desk", PublishedFigure, "各街道有多少，每个月变了多少；打印，导出，公布。"))
WORDS_MOST = 200
READ = ("GET", "HEAD")
ORDER_STEP = 10
OLDEST = date(2000, 1, 1)  # no figure was kept before


class NoteForm(DeskForm):
    """Why today's count is not what was published."""

    words = forms.CharField(
        label="为什么不一样",
        max_length=WORDS_MOST,
        validators=[no_person],
        help_text=f"居民看得到，不写人名。例如：去年有两个家合成了一个。最多{WORDS_MOST}个字。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写为什么不一样。", "max_length": f"请留在{WORDS_MOST}个字以内。"},
    )


def crumbs(request, *, inside=False):
    """The way to a page: [(label, url)]."""
    way = way_in(request.user)
    return [*way, ("数字", reverse("desk_figures:desk"))] if inside else way


@desk_page(Action.VIEW, PublishedFigure, READ)
def desk(request):
    """The numbers of the district, or of one street; by street and by month."""
    table = Table(request.user, request.GET.get("where", ""))
    table.show(request.GET.get("figure", ""))
    may_publish = allowed(request.user, Action.ADD, PublishedFigure)
    context = {"table": table, "may_publish": may_publish, "crumbs": crumbs(request)}
    return render(request, "desk/figures/desk.html", context)


@desk_page(Action.EXPORT, PublishedFigure, READ)
def export(request):
    """The same numbers as a workbook."""
    table = Table(request.user, request.GET.get("where", ""))
    place = table.street or Division.objects.district() or "全区"
    lines = list(table.lines)
    audit.record(audit.Action.EXPORT, by=request.user, label=f"数字（{place}）", rows=len(lines))
    return download(workbook("数字", table.headings, lines), f"数字-{place}-{timezone.localdate():%Y%m%d}.xlsx")


@desk_page(Action.VIEW, PublishedFigure, READ)
def sheet(request):
    """The numbers of a month on one sheet of paper."""
    today = timezone.localdate()
    this, month = Month(today.year, today.month), _month(request.GET.get("month", ""), today)
    beside = [month.beside(-1), *([month.beside(1)] if month != this else [])]
    context = {"sheet": Sheet(request.user, month), "today": today, "beside": beside}
    return render(request, "desk/figures/sheet.html", context)


def _month(text, today):
    """2026-11 as a month; this month for anything else, and for one that has not begun."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    first = first if OLDEST <= first <= today else today
    return Month(first.year, first.month)


@desk_page(Action.ADD, PublishedFigure)
def publish(request):
    """Publish what the records say today, as it was shown the moment before."""
    lines = every_figure()
    rows = [_to_publish(line, place) for place, line in enumerate(lines, 1) if line.today is not None]
    told = [(line, row) for line, row in zip((each for each in lines if each.today is not None), rows, strict=True)]
    told = [(line, row) for line, row in told if not line.is_few]
    seen = hashlib.sha256(repr([(row.key, str(row.value)) for _line, row in told]).encode()).hexdigest()
    form = StaleForm(request.POST if request.method == "POST" else None, now=seen, words="数字又有了变动")
    form.helper.render_hidden_fields = True
    source = str(Division.objects.district() or "")
    if request.method == "POST" and form.is_valid():
        done = attempt(form, figures.publish, [row for _line, row in told], by=request.user, source=source)
        if done is not None:
            messages.success(request, f"公布了{len(done)}个数字，居民在“数字”那一页看得到。以前公布的都还在。")
            return redirect("desk_figures:desk")
    context = {
        "form": form, "told": told, "few": [line for line in lines if line.is_few], "source": source,
        "uncounted": [line for line in lines if line.today is None], "today": timezone.localdate(),
        "crumbs": crumbs(request, inside=True),
    }  # fmt: skip
    refused = form.is_bound and bool(form.non_field_errors())
    return render(request, "desk/figures/publish.html", context, status=CONFLICT if refused else 200)


def _to_publish(line, place):
    order = line.published.order if line.published else place * ORDER_STEP
    return PublishedFigure(key=line.key, label=line.label, value=line.today, unit=line.unit, order=order)


@kept_page(Action.ADD, PublishedFigure)
def note(request, key):
    """Say why a figure is not what was published."""
    line = next((line for line in every_figure() if line.key == key and line.published), None)
    if line is None or key not in COUNTS:
        raise Http404
    form, refilled = open_form(request, lambda data=None, files=None: NoteForm(data))
    if request.method == "POST" and form.is_valid():
        try:
            figures.explain(key, form.cleaned_data["words"], by=request.user)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(request)
            messages.success(request, f"写上了。居民在“数字”那一页看得到“{line.label}”为什么不一样。")
            return redirect("desk_figures:desk")
    way = crumbs(request, inside=True)
    title = f"写说明：{line.count.label}"
    return form_page(
        request, form, title, "写上去", back=way[-1][1], way=way, template="desk/figures/note.html", line=line,
        refilled=refilled,
    )  # fmt: skip
