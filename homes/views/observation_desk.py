"""/desk/observations/: who came to look at a home, how many, and what they took away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.access import Action, allowed
from branches.views import desk_keeping
from branches.views.desk import SHOWN, Section, add_section, desk_page, way_in
from branches.views.desk_posting import form_page, kept_page, open_form, own
from homes.models import Home, ObservationVisit
from homes.observation_forms import VisitForm

add_section(Section("观摩", "observations:desk", ObservationVisit, "谁来看过、来了几名支部书记、带走了什么。"))
LEAD = "写单位和人数，不写人名、电话。"


def crumbs(request):
    return [*way_in(request.user), ("观摩", reverse("observations:desk"))]


@desk_page(Action.VIEW, ObservationVisit, methods=("GET", "HEAD"))
def observations(request):
    """All of them by year with their sums, or those of which nobody has said yet what was taken away."""
    rows = ObservationVisit.objects.visible_to(request.user)
    years, part = rows.by_year(), request.GET.get("part")
    year = next((each for each, *_ in years if str(each) == request.GET.get("year")), None)
    shown = rows.without_takeaways() if part == "takeaways" else rows.filter(on__year=year) if year else rows
    context = {
        "page": Paginator(shown.select_related("home__division__parent"), SHOWN).get_page(request.GET.get("page")),
        "years": years,
        "year": year,
        "part": part if part == "takeaways" else "",
        "secretaries": shown.secretaries(),
        "may_add": allowed(request.user, Action.ADD, ObservationVisit),
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "desk/observations/list.html", context)


@kept_page(Action.ADD, ObservationVisit)
def new(request):
    form, refilled = open_form(request, VisitForm, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            Home.objects.select_for_update().get(pk=given["home"].pk)  # of two at once one comes first
            again = ObservationVisit.objects.filter(home=given["home"], on=given["on"], guests=given["guests"])
            if not again.exists():
                return _kept(request, form, "记下来了。")
        form.add_error(None, "这一天、这个家、同一个单位，已经记过了。人数不对，打开那一条改。")
    return _page(request, form, "记一次观摩", refilled)


@kept_page(Action.CHANGE, ObservationVisit)
def edit(request, pk):
    """What was written may be put right, and what they took away added; the history keeps what stood there."""
    with transaction.atomic():
        found = own(request, ObservationVisit, pk, rows=ObservationVisit.objects.select_for_update(of=("self",)))
        form, refilled = open_form(request, VisitForm, user=request.user, instance=found)
        if request.method == "POST" and form.is_valid():
            return _kept(request, form, "改好了。")
    return _page(request, form, "看看、改改这次观摩", refilled)


def _kept(request, form, said):
    form.instance._history_user = request.user
    form.save()
    desk_keeping.forget(request)
    messages.success(request, said)
    return redirect("observations:desk")


def _page(request, form, title, refilled):
    back, way = reverse("observations:desk"), crumbs(request)
    return form_page(request, form, title, "存下来", back=back, way=way, lead=LEAD, refilled=refilled)
