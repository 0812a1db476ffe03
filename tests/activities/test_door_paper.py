"""The sign-in sheet on paper: its title on every sheet, lines high enough to sign on, blank ones for those who come."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from activities import signup
from activities.models import Activity

STYLE = Path(settings.BASE_DIR) / "static/css/print.css"


@pytest.fixture
def sheet(cast, client_of):
    """`sheet(people)`: the sheet of an activity to which so many come."""
    door, activity = client_of(cast.organiser), cast.activities["here"]

    def of(people):
        Activity.objects.filter(pk=activity.pk).update(capacity=None)
        while (missing := people - activity.sign_ups.count()) > 0:
            number = activity.sign_ups.count()
            group = [f"人{number + each}" for each in range(min(missing, signup.MOST))]
            signup.join(activity, names=group, telephone=f"199{number:08d}")
        return door.get(reverse("activities:paper", args=[activity.pk])).text

    return of


def lines(text):
    """(how many lines, how many of them blank)"""
    names = re.findall(r"<tr><td>\d+</td><td>(.*?)</td>", text)
    return len(names), names.count("")


@pytest.mark.parametrize(
    ("people", "found", "height"),
    [(3, (12, 9), "roomy"), (12, (15, 3), "roomy"), (20, (23, 3), "middle"), (25, (28, 3), "close"),
     (26, (29, 3), "long"), (60, (66, 6), "long")],
)  # fmt: skip
def test_blank_lines_grow_with_the_number_and_the_height_fits(sheet, people, found, height):
    text = sheet(people)
    assert lines(text) == found
    assert f"sign-in-{height} " in text


def test_the_title_is_in_the_head_that_comes_again_on_every_sheet(sheet, cast):
    text = sheet(3)
    head = re.search(r"<thead>(.*?)</thead>", text, re.DOTALL)[1]
    assert cast.activities["here"].title in head
    assert "姓名" in head
    style = STYLE.read_text()
    assert re.search(r"\nthead \{\s*display: table-header-group", style)
    assert re.search(r"@page listed \{[^@]*@bottom-right \{\s*content: .*counter\(page\).*counter\(pages\)", style)


def test_no_line_is_lower_than_a_hand_can_sign_on():
    heights = re.findall(r"\.sign-in-\w+ tbody td \{\s*height: ([\d.]+)mm", STYLE.read_text())
    assert len(heights) == 3
    assert all(float(height) >= 8 for height in heights)
