"""What neighbours did together, told in public: the list, a project, and its sheet for the notice board."""

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.caching import public_page
from config.sharing import Article
from config.site import address_of
from homes import project_story
from homes.models import CommunityProject, ProjectPhoto
from homes.views.posters import poster_page

PAGE_SIZE = 20
LINES = 6  # of the ledger that are seen before one asks for all
SAMPLE = "示例"  # stands in every sample row of a project that is none itself


def in_order(rows):
    """What is going on first, then what was achieved, then what came to nothing; each the newest first."""
    places = [When(status=status, then=Value(place)) for place, status in enumerate(project_story.ORDER)]
    return rows.order_by("is_sample", Case(*places, output_field=IntegerField()), "-created_at", "-pk")


@require_safe
@public_page
def projects(request):
    """All projects that the neighbours were asked about, a card each."""
    rows = in_order(CommunityProject.objects.public().with_progress().select_related("home__division__parent"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    cards, covers = list(page.object_list), {}
    for photo in ProjectPhoto.objects.filter(project__in=[card.pk for card in cards], is_archived=False):
        covers[photo.project_id] = photo
    for card in cards:
        card.cover, card.stands = covers.get(card.pk), project_story.STANDS[card.status]
    return render(request, "projects/list.html", {"page": page, "projects": cards})


def story(request, slug):
    """Everything the page of a project says, in four queries."""
    found = get_object_or_404(CommunityProject.objects.public().select_related("home__division__parent", "home__theme"),
                              slug=slug)  # fmt: skip
    milestones = project_story.timed(list(found.milestones.all()), timezone.localdate())
    money, progress = project_story.money(found), project_story.progress_of(milestones)
    updates = list(found.updates.all())
    texts = [*map(str, milestones), *(row.words for row in (*updates, *money.lines)), *(row.name for row in money.uses)]
    return {
        "project": found,
        "stands": project_story.STANDS[found.status],
        "steps": project_story.line_of_steps(found, progress, money.committed),
        "milestones": milestones,
        "progress": progress,
        "money": money,
        "updates": updates,
        "votes": project_story.votes(found),
        "has_samples": found.is_sample or any(SAMPLE in text for text in texts),
    }


@require_safe
@public_page
def project(request, slug):
    """One project, so that those who did it may be proud of it."""
    context = story(request, slug)
    photos = list(context["project"].photos.filter(is_archived=False))[::-1]  # what it has become comes first
    found, told = context["project"], context["updates"]
    told_at = told[0].created_at if told else found.created_at
    context["article"] = Article(found.name, told_at, found.home.name, found.is_sample)
    context |= {"photos": photos, "recent": context["money"].lines[:LINES], "older": context["money"].lines[LINES:]}
    return render(request, "projects/project.html", context)


@require_safe
@public_page
def sheet(request, slug):
    """One A4 page for the notice board, with a QR code that leads to the project's page."""
    context = story(request, slug)
    found = context["project"]
    address = address_of(request) + found.get_absolute_url()
    return poster_page(
        request, "projects/sheet.html", context,
        name=found.name, scanned=address, typed=address, is_sample=context["has_samples"],
    )  # fmt: skip
