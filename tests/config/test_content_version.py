"""An edit is told with its commit, and not without it."""

import pytest
from django.db import OperationalError

from config.content_version import KEYS, content, one_commit


@pytest.mark.django_db(transaction=True)
def test_of_one_commit_nobody_hears_before_it_and_a_lost_one_is_never_heard_of(cast, cache_in_the_database):
    def told():
        return tuple(cache_in_the_database.get(key) for key in KEYS)

    def lost():
        with one_commit():
            home.save()
            raise OperationalError

    home, before = cast.homes["here"], content.current()
    with pytest.raises(OperationalError):
        lost()
    assert told() == content.current() == before
    with one_commit():
        pass
    assert told() == before
    with one_commit():
        home.save()
        assert content.current() == before  # a page rendered now is of before
    assert told() == content.current() != before


@pytest.mark.django_db(transaction=True)
def test_an_edit_of_what_lasts_makes_all_out_of_date_and_any_other_what_does_not_last(cast):
    def renewed(row):
        before = content.current()
        row.save()
        return [word != known for word, known in zip(content.current(), before, strict=True)]

    there, activity = cast.homes["here"], cast.activities["here"]
    for lasting in (there, there.division, there.hours.first(), activity.kind, cast.branches["here"]):
        assert renewed(lasting) == [True, False]
    for passing in (activity, cast.bookings["here"].sign_ups.first(), cast.notices["here"]):
        assert renewed(passing) == [False, True]
