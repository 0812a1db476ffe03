"""What the desk's pages about what goes on share, besides desk_posting.py: for whom they are, and the way there."""

from django.urls import reverse

from activities.models import Activity
from branches.access import Action
from branches.views.desk import SHOWN, way_in
from branches.views.desk_posting import attempt, form_page, kept_page, may, open_form, own

__all__ = ["SHOWN", "Action", "attempt", "crumbs", "form_page", "may", "open_form", "own", "posting_page"]


def posting_page(action=Action.CHANGE, model=Activity, **kwargs):
    """A page of the desk for those who may perform `action` on such records somewhere; what is typed there is kept."""
    return kept_page(action, model, **kwargs)


def crumbs(request, *way, notices=False):
    """The way to a page: [(label, url)]."""
    start = way_in(request.user)
    if notices:
        return [*start, ("通知公告", reverse("activities:desk_notices")), *way]
    return [*start, ("活动", reverse("activities:desk")), *way]
