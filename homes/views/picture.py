"""The picture that a shared link to a home shows."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from config.pictures import Picture
from config.shared_pictures import answer, portal, shared
from homes.models import Home
from homes.week import in_short


def picture_of(home, hours):
    """What is drawn of a home (with its theme and division): the name on its door, where, and when it usually opens."""
    theme = home.theme
    drawing, hue = (f"marks/{theme.mark}", theme.hue) if theme else ("marks/home", "ink")
    where = " · ".join(dict.fromkeys(part.short_name for part in (home.street, home.division) if part))
    lines = tuple(line for line in (home.address, in_short(hours)) if line)
    return shared(home, Picture(drawing, hue, where, home.name, lines, portal(), home.is_sample))


@require_safe
def picture(request, pk, version):
    home = get_object_or_404(Home.objects.public().select_related("theme", "division__parent"), pk=pk)
    return answer(picture_of(home, home.hours.all()), version)
