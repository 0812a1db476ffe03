"""Asking for help without an account: what there is to ask for, the form, the sign for the door of a home."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import Division, ResidentCompound
from branches.transitions import IllegalTransition
from config import english
from config.caching import public_page
from config.limits import limited_page
from config.personal import open_to, personal
from config.site import address_of
from homes.models import Home
from homes.views.posters import poster_page
from volunteers import ordering
from volunteers.figures import solved_lately
from volunteers.help_forms import HelpForm
from volunteers.models import OrderCategory, ServiceOrder

Via = ServiceOrder.Via
CONFLICT = 409
ROOMY = 60  # characters of the home's name and of what there is; with more on a sign, letters are smaller
NO_HOME = _("没有找到这个家。请在下面写清楚在哪里。")


def for_anything():
    """The category for whatever the others are not: the last that asks for no skill. None where there is none."""
    return OrderCategory.objects.in_use().filter(skill=None).last()


@require_safe
@public_page
def start(request):
    """What one can ask for, how it goes, and by when."""
    communities = Division.objects.filter(level=Division.Level.COMMUNITY).select_related("parent")
    solved = solved_lately(ServiceOrder.objects.all()).aggregate(
        all=Count("pk"), samples=Count("pk", filter=Q(is_sample=True))
    )
    context = {
        "categories": OrderCategory.objects.in_use(),
        "communities": communities.order_by("parent__code", "code"),
        "solved": solved["all"],
        "has_samples": solved["samples"],
        "reopen_days": ordering.REOPEN_DAYS,
    }
    return render(request, english.template("volunteers/help/start.html"), context)


@personal("GET", "HEAD", "POST")
def ask(request):
    """The form; what is known already, of a home's door or of what was chosen, stands in the address."""
    home, division, category = _home(request.GET), _division(request.GET), _category(request.GET)
    at_door = home is not None and request.GET.get("via") == Via.DOOR
    form = HelpForm(
        request.POST if request.method == "POST" else None, files=request.FILES or None, request=request,
        home=home, division=division, category=category or (for_anything() if at_door else None), at_door=at_door,
    )  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.asked()
        same = {name: given[name] for name in ("form_key", "what", "name", "telephone", "place")}
        if form.counts(again=ordering.sent_before(**same) is not None):
            given |= {"home": home, "division": division, "via": Via.DOOR if at_door else Via.WEB}
            try:
                with english.in_chinese():
                    order = ordering.place(**given, is_proven=form.proven)
            except IllegalTransition as refusal:
                form.add_error(None, str(refusal))
                status = CONFLICT
            else:
                open_to(request, order)
                return redirect(english.address(reverse("volunteers:order", args=[order.pk])))
    form.fold()
    context = {
        "form": form,
        "home": home,
        "division": division,
        "category": category,
        "call": (home and home.telephone) or "",
        "places": [] if home else _places(division),
        "problem": NO_HOME if request.GET.get("home") and home is None else "",
    }
    return limited_page(request, english.template("volunteers/help/ask.html"), context, status)


def _typed(known, name):
    """What stands in the address, as PostgreSQL can look for it."""
    return known.get(name, "").replace("\0", "")


def _home(known):
    return Home.objects.public().select_related("division").filter(slug=_typed(known, "home")).first()


def _division(known):
    code = known.get("place", "")
    return Division.objects.filter(code=code).first() if code.isdecimal() else None


def _category(known):
    return OrderCategory.objects.in_use().filter(slug=_typed(known, "category")).first()


def _places(division):
    """Names that the field for the place offers: compounds of the community that was chosen, else the communities."""
    if division:
        near = ResidentCompound.objects.filter(division=division, is_archived=False)
        return list(near.values_list("name", flat=True))
    return [each.short_name for each in Division.objects.filter(level=Division.Level.COMMUNITY)]


@require_safe
@public_page
def sign(request, slug):
    """The A4 sheet for the door of a home: its QR code leads to the form, with the home and a category filled in.

    `?category=` chooses one (a home for visitors would take 问路讲解); without it, it is the one for anything.
    """
    home = get_object_or_404(Home.objects.public().select_related("theme"), slug=slug)
    categories = list(OrderCategory.objects.in_use())
    chosen = next((each for each in categories if each.slug == request.GET.get("category")), None)
    known = {"home": home.slug, "via": Via.DOOR} | ({"category": chosen.slug} if chosen else {})
    scanned = f"{address_of(request)}{reverse('volunteers:ask')}?{urlencode(known)}"
    context = {
        "home": home,
        "categories": categories,
        "chosen": chosen,
        "much": len(home.name) + sum(len(each.name) for each in categories) > ROOMY,
    }
    return poster_page(
        request, "volunteers/help/sign.html", context,
        name="有事请扫码", scanned=scanned, typed=address_of(request) + reverse("volunteers:help"),
        is_sample=home.is_sample,
    )  # fmt: skip
