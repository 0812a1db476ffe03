"""Two questions a supervisor asks. Neither answer tells a stranger anything about the inside."""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request):
    """The process can serve pages: its database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not ready", status=503, content_type="text/plain", headers={"Cache-Control": "no-store"})
    return HttpResponse("ready", content_type="text/plain", headers={"Cache-Control": "no-store"})
