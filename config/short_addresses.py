"""The short addresses that stand on paper: /h/3 is a home, /a/12 an activity, /c/5 a course.

Paper hangs for years, so they hold nothing but a number that never changes; they lead on by 302, for the page they lead
to may get another address. `Home.short_address` and its like say what they are, `config.site.on_paper` the whole of it.
"""

from typing import NamedTuple

from django.db.models import Model
from django.shortcuts import redirect, render
from django.urls import re_path, reverse_lazy
from django.views.decorators.http import require_safe

from activities.models import Activity, Course
from homes.models import Home

NOT_FOUND = 404


class Kind(NamedTuple):
    """What a letter stands for, and where to look instead of what is not shown any more."""

    model: type[Model]
    what: str
    instead: str
    label: str


KINDS = {
    "h": Kind(Home, "这个家", reverse_lazy("homes:directory"), "看所有的家"),
    "a": Kind(Activity, "这个活动", reverse_lazy("activities:listing"), "看所有的活动"),
    "c": Kind(Course, "这门课", reverse_lazy("activities:courses"), "看所有的课程和队伍"),
}


@require_safe
def lead(request, letter, pk):
    """To the page of what the paper was about; what is not public is answered like what never was."""
    kind = KINDS[letter]
    found = kind.model.objects.public().filter(pk=pk).first()
    if found is None:
        return render(request, "pages/off_the_wall.html", {"kind": kind}, status=NOT_FOUND)
    return redirect(found)


# a stroke that somebody types at the end is no mistake; longer numbers than the database has are nobody's
urlpatterns = [re_path(f"^{letter}/(?P<pk>[0-9]{{1,18}})/?$", lead, {"letter": letter}) for letter in KINDS]
