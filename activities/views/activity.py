"""The public page of one activity."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities import attendance, json_ld
from activities.models import Activity
from activities.views.picture import picture_of
from config.caching import cards, cards_by_key, public_page
from config.json_ld import script
from config.sharing import Article
from config.site import address_of

MORE = 3  # further activities shown


def shown(activity):
    """What the page of an activity (from `for_cards`) shows, to residents and to whoever looks at it before them."""
    more = (activity.home or activity.branch).activities.upcoming().exclude(pk=activity.pk)
    return {
        "activity": activity,
        "begun": activity.starts_at <= timezone.now(),
        "checks_in": activity.takes_sign_up and attendance.is_open(activity),
        "more": cards(more[:MORE]),
    }


@require_safe
@public_page
def activity(request, pk):
    found = next(iter(cards_by_key(Activity, [pk])), None)
    if found is None or found.status not in Activity.PUBLIC:
        raise Http404
    recap = getattr(found, "recap", None) if found.status == Activity.Status.FINISHED else None
    told_at = recap.created_at if recap else found.published_at or found.created_at
    site, picture = address_of(request), picture_of(found)
    event = json_ld.event(found, site) | ({"image": f"{site}{picture.address}"} if picture else {})
    context = {
        "recap": recap,
        "photos": recap.photos.shown() if recap else (),
        "shared_picture": picture,
        "json_ld": script(event),
        "article": Article(found.title, told_at, str(found.home or found.branch), found.is_sample),
    }
    return render(request, "activities/activity.html", shown(found) | context)
