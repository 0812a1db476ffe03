"""The public pages of answered letters: the list, searched and narrowed; and one of them."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from branches.names import tidy
from branches.public_words import found_in
from config.caching import public_page, remember
from config.sharing import Article
from volunteers.models import Letter, Office

PAGE_SIZE = 20
WORDS_MOST, WORD_LENGTH = 4, 20
SHORT = ("public_subject", "published_at", "answered_at", "created_at", "is_sample", "office")


def offices():
    """{number: name} of those whose answers are public; one question a content version."""
    return remember("offices of letters", _read_offices)


def _read_offices():
    answered = Letter.objects.public().order_by().values("office")
    return {str(pk): name for pk, name in Office.objects.filter(pk__in=answered).values_list("pk", "name")}


def days_taken(letter):
    """From its coming to its answer, in words."""
    days = (timezone.localdate(letter.answered_at) - timezone.localdate(letter.created_at)).days
    return f"{days}天答复" if days else "当天答复"


def asked_for(query):
    """(the words of a search, the number of an office) in what was asked; "" for what makes no sense."""
    words = tidy(query.get("q", "")).split()[:WORDS_MOST]
    office = query.get("office", "")
    return " ".join(word[:WORD_LENGTH] for word in words), office if office in offices() else ""


@require_safe
@public_page
def letters(request):
    """What was asked and answered, the newest first."""
    q, office = asked_for(request.GET)
    rows = Letter.objects.public().order_by("-published_at", "-pk")
    for word in q.split():
        stands = Q(public_subject__icontains=word) | Q(public_body__icontains=word) | Q(public_answer__icontains=word)
        rows = rows.filter(stands)
    if office:
        rows = rows.filter(office=office)
    page = Paginator(rows.select_related("office").only(*SHORT, "office__name"), PAGE_SIZE)
    page = page.get_page(request.GET.get("page"))
    chosen = [(f"有“{q}”的", {"q": None})] if q else []
    chosen += [(offices()[office], {"office": None})] if office else []
    return render(
        request,
        "letters/list.html",
        {
            "page": page,
            "rows": [(letter, days_taken(letter)) for letter in page.object_list],
            "q": q,
            "office": office,
            "offices": list(offices().items()),
            "chosen": chosen,
        },
    )


@require_safe
@public_page
def letter(request, pk):
    """One of them; a missing page where it is not public (any more)."""
    found = get_object_or_404(Letter.objects.public().select_related("office", "home"), pk=pk)
    # some write their number beside their name
    is_named = found.name_consented and not found_in(found.name, email=found.email)
    context = {
        "letter": found,
        "taken": days_taken(found),
        "author": found.name if is_named else "",
        "article": Article(found.public_subject, found.published_at, found.office.name, found.is_sample),
    }
    return render(request, "letters/letter.html", context)
