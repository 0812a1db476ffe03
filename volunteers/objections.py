"""What is said of an application for a home in its public notice: letters, each of which has to be answered."""

from django.urls import reverse

from homes import applying
from volunteers.models import Letter


def waiting(application):
    """How many letters about it are not answered yet; one that was merged waits with the letter it went into."""
    return sum(1 for letter in application.letters.only("status", "merged_into") if _answers(letter).is_open)


def _answers(letter):
    while letter.merged_into_id:
        letter = letter.merged_into
    return letter


def on_page(application, user):
    """[(label, address)] of the letters about it that this user may read."""
    rows = Letter.objects.visible_to(user).filter(application=application).order_by("pk")
    return [
        (f"第{row.pk}号来信，{row.get_status_display()}", reverse("letters:desk_letter", args=[row.pk]))
        for row in rows.only("status")
    ]


def register():
    """Tell homes/applying.py, which knows nothing of letters."""
    applying.OBJECTIONS.append(waiting)
    applying.ON_PAGE.append(on_page)
