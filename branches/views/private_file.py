"""Files that no address leads to, given to somebody who was asked who they are."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header


def served(file, media_type, *, name="", to_save=False):
    """The stored `file` to be looked at, or `to_save` under `name`; stored nowhere on the way. 404 where it is gone."""
    try:
        with file.open() as opened:
            content = opened.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": content_disposition_header(to_save, name) or "inline",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
