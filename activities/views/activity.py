"""The public pages of what goes on: one activity, and its poster."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from activities import outbox
from activities.models import Activity
from config.caching import public_page


@require_safe
@public_page
def activity(request, pk):
    found = get_object_or_404(Activity.objects.public().for_cards(), pk=pk)
    return render(request, "activities/activity.html", {"activity": found, "when": outbox.when(found)})
