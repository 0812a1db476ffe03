"""/desk/health/: how the site does, in words, for the technician."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from branches.views.desk import never_stored, way_in
from config.findings import Level, examined, of_the_site


@never_stored
@login_required
@require_safe
def page(request):
    """What is the matter first, with what to do about it."""
    if not request.user.is_superuser:
        raise PermissionDenied
    found = examined(of_the_site())
    context = {
        "wrong": [each for each in found if each.level > Level.FINE],
        "others": [each for each in found if each.level == Level.FINE],
        "crumbs": way_in(request.user),
    }
    return render(request, "desk/health.html", context)
