"""Looking for anything by words: the page of what was found, and what is suggested while somebody types.

No page of it is stored: everybody asks something else, and what they ask would push out what all read (decision 17).
"""

from django.core.paginator import Paginator
from django.http import JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from config.caching import minute, piece
from config.client_address import client_address, neighbourhood
from config.errors import too_many
from config.limits import TOO_MANY, Flood
from homes.search import asking, index, showing
from homes.search.sounds import has_han
from homes.views.pages import themes_in_use

PAGE_SIZE, LETTERS_LEAST = 20, 2
SUGGESTED, AMONG = 8, 40  # titles, and the entries they are taken from
SEARCHES, TYPING = Flood(120), Flood(600)  # a minute; many people may share one address
WAYS = (
    ("所有的家", "/homes/"),
    ("这些天的活动", "/activities/"),
    ("要人帮忙", "/help/"),
    ("网站地图", "/about/site-map/"),
)
IN_WORDS = {
    "sound": "没有写着“{q}”的，下面是读音相同或相近的。",
    "parts": "没有整句写着“{q}”的，下面是拆开来找到的。",
}


def _asked(request):
    """What was typed, on one line, as much of it as the field takes."""
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[: asking.LONGEST]


def _kept_up():
    piece(f"search kept up {minute()}", index.catch_up)


@require_safe
def search(request):
    """What was found, the best first, narrowed to a kind where one is chosen; else what to try."""
    if not SEARCHES.take(neighbourhood(client_address(request))):
        return too_many(request)
    q, kinds = _asked(request), index.labels()
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    _kept_up()
    now = timezone.now()
    found = asking.find(q, now, kind)
    context = {"q": q, "asked": found is not None, "ways": WAYS}
    if found is None:
        context["themes"] = themes_in_use()
    elif not found.counts:
        context["nearest"] = index.still_public(asking.nearest(q, now))
    else:
        context |= _shown(found, q, kind, kinds, request)
    response = render(request, "homes/search.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shown(found, q, kind, kinds, request):
    """What the page says of what was found."""
    page = Paginator(found.keys, PAGE_SIZE).get_page(request.GET.get("page"))
    words = found.question.words
    return {
        "page": page,
        "is_many": found.is_many,
        "in_other_words": IN_WORDS.get(found.how, "").format(q=q),
        "rows": [
            (
                entry,
                kinds[entry.kind],
                *(showing.marked(text, words) for text in (entry.title, entry.note)),
                showing.snippet(entry.body, words),
            )
            for entry in index.still_public(
                found.entries(page.start_index() - 1 if found.keys else 0, page.end_index())
            )
        ],
        "kind": kind,
        "kinds": [
            (key, label, None if found.is_many else found.counts[key])
            for key, label in kinds.items()
            if found.is_many or key in found.counts
        ],
        "query": QueryDict(urlencode({"q": q, **({"kind": kind} if kind else {})})),
    }


@require_safe
def suggestions(request):
    """The first things whose names have what has been typed so far, for static/js/suggest.js."""
    if not TYPING.take(neighbourhood(client_address(request))):
        return JsonResponse({"error": "问得太勤了，请过一分钟再问。"}, status=TOO_MANY, headers={"Retry-After": "60"})
    q, labels = _asked(request), index.labels()
    by_title = {}
    if len(q) >= LETTERS_LEAST or has_han(q):
        for entry in index.still_public(asking.suggest(q, timezone.now(), AMONG)):
            by_title.setdefault(entry.title, []).append(entry)
    told = [
        {
            "title": title,
            "kind": labels[entries[0].kind],
            "url": entries[0].address if len(entries) == 1 else f"{reverse('homes:search')}?{urlencode({'q': title})}",
            "sample": entries[0].is_sample,
        }
        for title, entries in list(by_title.items())[:SUGGESTED]
    ]
    response = JsonResponse({"q": q, "suggestions": told}, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
