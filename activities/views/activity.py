"""The public page of one activity."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities import attendance, json_ld, outbox
from activities.models import Activity
from config.caching import public_page
from config.site import address_of

MORE = 3  # further activities shown


@require_safe
@public_page
def activity(request, pk):
    found = get_object_or_404(Activity.objects.public().for_cards().select_related("recap"), pk=pk)
    whose = found.home or found.branch
    recap = getattr(found, "recap", None) if found.status == Activity.Status.FINISHED else None
    return render(
        request,
        "activities/activity.html",
        {
            "activity": found,
            "when": outbox.when(found),
            "begun": found.starts_at <= timezone.now(),
            "checks_in": found.takes_sign_up and attendance.is_open(found),
            "whose": whose,
            "more": whose.activities.upcoming().exclude(pk=pk).for_cards()[:MORE],
            "recap": recap,
            "photos": recap.photos.shown() if recap else (),
            "json_ld": json_ld.script(json_ld.event(found, address_of(request))),
        },
    )
