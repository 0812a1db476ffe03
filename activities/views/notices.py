"""The public pages of notices: the current ones, one of them, and what is attached to it."""

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from activities.models import Notice, NoticeFile
from config.caching import public_page
from config.sharing import Article
from homes.documents import TYPES

PAGE_SIZE = 20
ANYTHING = "application/octet-stream"


@require_safe
@public_page
def notices(request):
    """What holds today, pinned notices first."""
    rows = Notice.objects.current().select_related("home", "division")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "activities/notices.html", {"page": page, "notices": page.object_list})


@require_safe
@public_page
def notice(request, pk):
    """One notice. A withdrawn one says so and why, and nothing of what it said; one past its day is marked."""
    found = get_object_or_404(Notice.objects.public().select_related("home", "division"), pk=pk)
    withdrawn = found.status == Notice.Status.WITHDRAWN
    return render(
        request,
        "activities/notice.html",
        {
            "notice": found,
            "article": Article(found.title, found.publish_at, found.source, found.is_sample),
            "withdrawn": withdrawn,
            "expired": found.expires_on is not None and found.expires_on < timezone.localdate(),
            "files": () if withdrawn else found.files.all(),
        },
    )


@require_safe
def attachment(request, pk, file_pk):
    """A file of a notice that residents may read; of any other only for staff who may see it. Always to be saved."""
    rows = NoticeFile.objects.filter(notice=pk)
    readable = Notice.objects.public().filter(status=Notice.Status.PUBLISHED)
    found = rows.filter(pk=file_pk, notice__in=readable).first()
    cache = "no-cache"  # a notice that is withdrawn takes its files along
    if found is None:
        found = get_object_or_404(rows.visible_to(request.user), pk=file_pk)
        cache = "private, no-store"
    try:
        file = default_storage.open(found.file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=TYPES.get(found.kind, ANYTHING))
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{found.title}.{found.kind}")
    response.headers["Cache-Control"] = cache
    return response
