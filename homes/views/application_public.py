"""Applications for everybody: those in their public notice, and nothing of any other."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.caching import public_page
from homes.models import HomeApplication


@require_safe
@public_page
def notices(request):
    """What is in notice now, what the three conditions are, and the way an application goes."""
    rows = HomeApplication.objects.in_notice().select_related("division").order_by("notice_until", "pk")
    context = {"rows": rows, "days": settings.NOTICE_DAYS, "streets": settings.STREETS_REVIEW}
    return render(request, "homes/applications.html", context)


@require_safe
@public_page
def notice(request, number):
    """One application in its notice; before and after it there is no such page."""
    rows = HomeApplication.objects.in_notice().select_related("division__parent")
    found = get_object_or_404(rows, number=number)
    return render(
        request,
        "homes/application.html",
        {"application": found, "runs": timezone.localdate() <= found.notice_until},
    )
