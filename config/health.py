"""Two questions a supervisor asks. Neither answer tells a stranger anything about the inside."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from config.findings import Level, examined, of_kind


@require_safe
def healthz(request):
    """The process answers."""
    return _answer("ok")


@require_safe
def readyz(request):
    """The process can serve pages: database, its structure, disk, shared cache and static files."""
    if all(finding.level == Level.FINE for finding in examined(of_kind("ready"))):
        return _answer("ok")
    return _answer("not ok", status=503)


def _answer(word, status=200):
    return HttpResponse(word, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
