"""The audio library: the list, one recording with its words, and its sound in pieces."""

import re

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from activities.models import AudioItem
from config.caching import public_page

PAGE_SIZE = 30
OK, PARTIAL, NOT_MODIFIED, UNSATISFIABLE = 200, 206, 304, 416
CHUNK = 64 * 1024
PIECE = 2 * 1024 * 1024  # the most that one answer to a question for a part holds: a slow telephone asks again
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
@public_page
def library(request):
    rows = AudioItem.objects.public().select_related("home", "theme")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "library/list.html", {"page": page, "items": page.object_list})


@require_safe
@public_page
def item(request, slug):
    found = get_object_or_404(AudioItem.objects.public().select_related("home", "theme"), slug=slug)
    return render(request, "library/item.html", {"item": found})


@require_safe
def sound(request, slug):
    """The recording itself, whole or the part that is asked for. One that is not public only for staff who may see it.

    A recording never changes under its name, so its name is its ETag.
    """
    found, cache = AudioItem.objects.public().filter(slug=slug).first(), "no-cache"
    if found is None:
        found, cache = get_object_or_404(AudioItem.objects.visible_to(request.user), slug=slug), "private, no-store"
    try:
        file = default_storage.open(found.file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    etag = f'"{found.file.name.rpartition("/")[2].partition(".")[0]}"'
    response = _answer(request, file, found.media_type, etag)
    if not response.streaming:
        file.close()
    for name, value in (("Accept-Ranges", "bytes"), ("Cache-Control", cache), ("ETag", etag)):
        response.headers[name] = value
    return response


def _answer(request, file, media_type, etag):
    size = file.size
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if etag in known or "*" in known:
        response = HttpResponse(status=NOT_MODIFIED)
        del response.headers["Content-Type"]
        return response
    if request.method == "HEAD":  # RFC 9110: a part can be asked for with GET alone
        return HttpResponse(content_type=media_type, headers={"Content-Length": str(size)})
    part = _part(request, size, etag)
    if part is None:
        return _stream(file, 0, size, media_type)
    first, last = part
    if first >= size:
        return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    last = min(last, first + PIECE - 1)
    response = _stream(file, first, last - first + 1, media_type, status=PARTIAL)
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _part(request, size, etag):
    """(first, last) of the bytes asked for, `first` beyond the end where there are none; None for the whole file.

    Several parts at once, what is no part, and a part of another recording (If-Range) are answered with the whole.
    """
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or request.headers.get("If-Range", etag).strip() != etag:
        return None
    begins, ends = asked.groups()
    if not begins:
        return (max(0, size - int(ends)) if int(ends) else size, size - 1) if ends else None
    if ends and int(ends) < int(begins):
        return None
    return int(begins), min(int(ends), size - 1) if ends else size - 1


def _stream(file, first, length, media_type, *, status=OK):
    response = StreamingHttpResponse(_read(file, first, length), status=status, content_type=media_type)
    response.headers["Content-Length"] = str(length)
    response._resource_closers.append(file.close)
    return response


def _read(file, first, length):
    file.seek(first)
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk
