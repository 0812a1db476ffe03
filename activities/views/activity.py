"""The public page of one activity."""

from functools import partial

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities import attendance, json_ld
from activities.models import Activity
from activities.views.picture import picture_of
from config.caching import card, cards_of_minute, piece, public_page, rendered
from config.json_ld import script
from config.sharing import Article
from config.site import address_of

MORE = 3  # further activities shown


@require_safe
@public_page
def activity(request, pk):
    found = card(Activity, pk=pk)
    if found is None or found.status not in Activity.PUBLIC:
        raise Http404
    site, more = address_of(request), cards_of_minute(f"activity {pk} more", lambda: more_of(found))
    now = [_now(found), *((each.pk, each.is_open_for_sign_up()) for each in more)]
    parts = piece(f"activity {pk} {site} {now}", partial(parts_of, found, site, more))
    return render(request, "activities/activity.html", {"activity": found} | parts)


def more_of(activity):
    """What else goes on where this one does."""
    return (activity.home or activity.branch).activities.upcoming().exclude(pk=activity.pk)[:MORE]


def _now(activity):
    """What the clock decides of the page."""
    begun, checks_in = activity.starts_at <= timezone.now(), activity.takes_sign_up and attendance.is_open(activity)
    return {"begun": begun, "checks_in": checks_in, "is_open": activity.is_open_for_sign_up()}


def parts_of(activity, site, more):
    """What the page of an activity (from `for_cards`) shows, rendered, to residents and to whoever looks at it before
    them; and what its head says of it. `site` is the portal's address, `more` what else goes on.
    """
    is_over = activity.status == Activity.Status.FINISHED
    recap, picture = getattr(activity, "recap", None) if is_over else None, picture_of(activity)
    told_at = recap.created_at if recap else activity.published_at or activity.created_at
    article = Article(activity.title, told_at, str(activity.home or activity.branch), activity.is_sample)
    context = _now(activity) | {
        "activity": activity,
        "article": article,
        "more": more,
        "photos": recap.photos.shown() if recap else (),
        "recap": recap,
        "service": settings.SITE_TELEPHONE,
    }
    event = json_ld.event(activity, site) | ({"image": f"{site}{picture.address}"} if picture else {})
    return rendered("activities/activity.html", context, "page") | {
        "article": article,
        "shared_picture": picture,
        "json_ld": script(event),
    }
