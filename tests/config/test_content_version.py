"""An edit is told with its commit, and not without it."""

import pytest
from django.db import OperationalError

from config import content_version


@pytest.mark.django_db(transaction=True)
def test_of_one_commit_nobody_hears_before_it_and_a_lost_one_is_never_heard_of(cast, cache_in_the_database):
    def told():
        return cache_in_the_database.get(content_version.VERSION_KEY)

    def lost():
        with content_version.one_commit():
            home.save()
            raise OperationalError

    home, before = cast.homes["here"], content_version.content.renew()
    with pytest.raises(OperationalError):
        lost()
    assert told() == content_version.content.current() == before
    with content_version.one_commit():
        pass
    assert told() == before
    with content_version.one_commit():
        home.save()
        assert content_version.content.current() == before  # a page rendered now is of before
    assert told() == content_version.content.current() != before
