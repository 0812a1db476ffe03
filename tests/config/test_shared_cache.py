"""The shared cache in a table: each value in one statement, and nothing kept silent."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from config import shared_cache
from config.limits import Limit, take_all

THREADS = 8


@pytest.mark.django_db
def test_what_is_there_is_not_added_and_what_is_over_is(cache_in_the_database, django_assert_num_queries):
    cache = cache_in_the_database
    with django_assert_num_queries(1):
        assert cache.add("key", "first", 60)
    assert not cache.add("key", "second", 60)
    assert cache.get("key") == "first"
    cache.set("key", {"third": [3]}, 0)
    assert cache.get("key") is None
    cache.set("over", 1, -5)
    assert cache.add("over", "fourth", None)
    with django_assert_num_queries(1):
        cache.set("over", "fifth", None)
    assert cache.get("over") == "fifth"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_adds_it(cache_in_the_database):
    together = Barrier(THREADS)

    def take(_number):
        together.wait(10)
        try:
            with transaction.atomic():  # as a part of something longer
                return shared_cache.SharedCache("portal_cache", {}).add("place", 1, 60)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        assert sum(threads.map(take, range(THREADS))) == 1


@pytest.mark.django_db
def test_what_cannot_be_written_is_said(cache_in_the_database):
    cache_in_the_database._table = "no_such_table"
    for write in (cache_in_the_database.add, cache_in_the_database.set):
        with pytest.raises(DatabaseError), transaction.atomic():
            write("key", 1, 60)


@pytest.mark.django_db
def test_room_is_made_after_the_transaction(cache_in_the_database, monkeypatch, django_capture_on_commit_callbacks):
    cache = cache_in_the_database
    monkeypatch.setattr(shared_cache, "COUNTED_EVERY", 5)
    monkeypatch.setattr(cache, "_count", iter(range(1, 100)))
    cache._max_entries = 3
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(4):
            cache.set(f"over:{number}", 1, -5)
        cache.set("stays", 1, 60)
        assert _rows() == 5
    assert _rows() == 1
    assert cache.get("stays") == 1


@pytest.mark.django_db
def test_a_limit_lets_as_many_through_as_it_says(cache_in_the_database, django_assert_num_queries):
    limit = Limit("of this test", 3, 60)
    with django_assert_num_queries(1):  # whoever comes for the first time
        assert limit.take("somebody")
    assert [limit.take("somebody") for _ in range(4)] == [True, True, False, False]
    limit.give_back("somebody")
    assert [limit.take("somebody") for _ in range(2)] == [True, False]
    assert limit.take("somebody else")
    assert not Limit("none at all", 0, 60).take("somebody")


def _rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["default", "cache_in_the_database"])
def test_what_comes_after_the_limit_that_refuses_is_not_counted(request, kept):
    if kept != "default":
        request.getfixturevalue(kept)
    often, once, rarely = Limit("often", 5, 60), Limit("once", 1, 60), Limit("rarely", 1, 60)
    assert take_all([(often, "a"), (once, "a")]) is None
    assert take_all([(often, "a"), (once, "a"), (rarely, "a")]) is once
    assert not rarely.is_reached("a")
    assert take_all([(often, "b"), (rarely, "a"), (once, "b")]) is None
    assert rarely.is_reached("a")
    left = [take_all([(often, "a")]) for _ in range(4)]
    assert left == [None, None, None, often]  # it has counted both times


@pytest.mark.django_db
def test_limits_that_let_everybody_through_are_one_question(cache_in_the_database, django_assert_num_queries):
    wanted = [(Limit(name, 1, 60), "a") for name in ("one", "another", "a third")]
    with django_assert_num_queries(1):
        assert take_all(wanted) is None
    assert all(limit.is_reached(key) for limit, key in wanted)
