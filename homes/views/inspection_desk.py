"""/desk/inspections/: going to look with the checklist in hand, at a home or at the place of an application."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views import desk_keeping
from branches.views.desk import SHOWN, Section, add_section, desk_page, way_in
from branches.views.desk_posting import form_page, kept_page, open_form, own
from branches.views.private_file import served
from homes import inspecting, reviewing
from homes.inspection_forms import InspectionForm, by_section
from homes.models import Home, HomeApplication, Inspection, InspectionItem, InspectionPhoto
from homes.views import application_desk

Result = InspectionItem.Result
add_section(Section("达标检查", "inspections:homes", Inspection, "照着标准去看一个家，看到什么记什么。"))


def crumbs(request, *further):
    """The way to a page of the desk: [(label, url)]."""
    return [*way_in(request.user), ("达标检查", reverse("inspections:homes")), *further]


def homes_of(user, action=Action.VIEW):
    """The homes whose inspections this user may read, or add to."""
    return Home.objects.where_granted(user, action, Inspection)


@desk_page(Action.VIEW, Inspection, methods=("GET", "HEAD"))
def homes(request):
    """Every home of the area with its last inspection, in the order of the places: nobody is ranked."""
    rows = homes_of(request.user).exclude(status=Home.Status.CLOSED)
    rows = rows.select_related("division__parent").order_by("division__code", "pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    last = {}
    for inspection in Inspection.objects.filter(home__in=page.object_list).with_score().order_by("on", "pk"):
        last[inspection.home_id] = inspection
    shown = [home.pk for home in page.object_list]
    may = set(homes_of(request.user, Action.ADD).filter(pk__in=shown).values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [(home, last.get(home.pk), home.pk in may) for home in page.object_list],
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "desk/inspections/homes.html", context)


def own_home(request, slug, action):
    home = homes_of(request.user, action).filter(slug=slug).first()
    if home is None:
        raise Http404
    return home


@desk_page(Action.VIEW, Inspection, methods=("GET", "HEAD"))
def of_home(request, slug):
    """All inspections of one home, the newest first."""
    home = own_home(request, slug, Action.VIEW)
    may = homes_of(request.user, Action.ADD).filter(pk=home.pk).exists()
    page = Paginator(home.inspections.with_score().select_related("by"), SHOWN).get_page(request.GET.get("page"))
    context = {"home": home, "page": page, "may": may, "crumbs": crumbs(request)}
    return render(request, "desk/inspections/home.html", context)


@kept_page(Action.ADD, Inspection)
def inspect_home(request, slug):
    home = own_home(request, slug, Action.ADD)
    back = reverse("inspections:of_home", args=[slug])
    return _inspect(request, f"检查：{home}", back=back, way=crumbs(request, (home.name, back)), home=home)


@kept_page(Action.ADD, Inspection)
def inspect_application(request, pk):
    """The site visit of an application: one of the steps of its review."""
    found = application_desk.own_application(request, pk)
    if not reviewing.may_act(request.user, found):
        raise Http404
    back, way = application_desk.address(found), application_desk.crumbs(request, found)
    return _inspect(request, f"去现场看：{found}", back=back, way=way, application=found)


def _inspect(request, title, *, back, way, **where):
    form, refilled = open_form(request, InspectionForm)
    if request.method == "POST" and form.is_valid():
        try:
            kept = inspecting.inspect(by=request.user, **form.given(), **where)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            desk_keeping.forget(request)
            messages.success(request, "记下来了。")
            return redirect("inspections:inspection", pk=kept.pk)
    form.lay_out()
    lead = "一条一条看过去。没有全部达标的，写一句差在哪里。记下以后不能改，看错了再去看一次。"
    return form_page(request, form, title, "记下来", back=back, way=way, upload=True, lead=lead, refilled=refilled)


def told(inspection):
    """What its page and its paper say: the required ones not met, and each section with its lines."""
    items = by_section(inspection.items.all())
    sections = {}
    for item in items:
        sections.setdefault(item.get_section_display(), []).append(item)
    lacking = [item for item in items if item.is_required and item.result in InspectionItem.WITH_NOTE]
    return {"inspection": inspection, "sections": list(sections.items()), "lacking": lacking}


def own_inspection(request, pk):
    rows = Inspection.objects.with_score().select_related("by", "home", "application")
    return own(request, Inspection, pk, Action.VIEW, rows)


@desk_page(Action.VIEW, Inspection, methods=("GET", "HEAD"))
def inspection(request, pk):
    found = own_inspection(request, pk)
    application = found.application
    if application and not HomeApplication.objects.visible_to(request.user).filter(pk=application.pk).exists():
        application = None
    if found.home and homes_of(request.user).filter(pk=found.home_id).exists():
        way = crumbs(request, (found.home.name, reverse("inspections:of_home", args=[found.home.slug])))
    elif application:
        way = application_desk.crumbs(request, application)
    else:
        way = crumbs(request)
    context = told(found) | {"photos": found.photos.all(), "application": application, "crumbs": way}
    return render(request, "desk/inspections/inspection.html", context)


@desk_page(Action.VIEW, Inspection, methods=("GET", "HEAD"))
def paper(request, pk):
    """The same on A4, to be signed on the spot or put into a file."""
    return render(request, "desk/inspections/paper.html", told(own_inspection(request, pk)))


@desk_page(Action.VIEW, InspectionPhoto, methods=("GET", "HEAD"))
def photo(request, pk):
    """One photograph, to those who may read its inspection."""
    found = own(request, InspectionPhoto, pk, Action.VIEW)
    return served(found.picture, "image/webp")
