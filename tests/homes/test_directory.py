"""The filters and the numbers beside them."""

from dataclasses import replace
from datetime import time

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from homes.directory import FLAGS, Choice, Directory, Entry, Filters, build
from homes.models import Facility, Home, Theme
from tests.makers import make_home

STREETS, THEMES, FACILITIES = ("s1", "s2"), ("t1", "t2", ""), ("f1", "f2", "f3")
TEXTS = ("二胡班", "合唱班", "erhu")

entries = st.builds(
    Entry,
    pk=st.integers(1, 99),
    street=st.sampled_from(STREETS),
    theme=st.sampled_from(THEMES),
    facilities=st.frozensets(st.sampled_from(FACILITIES)),
    demonstration=st.booleans(),
    open=st.booleans(),
    step_free=st.booleans(),
    text=st.sampled_from(TEXTS),
)
directories = st.builds(
    Directory,
    entries=st.lists(entries, max_size=12).map(tuple),
    streets=st.just(tuple(Choice(value, value) for value in STREETS)),
    themes=st.just(tuple(Theme(slug=value, name=value) for value in THEMES if value)),
    facilities=st.just(tuple(Choice(value, value) for value in FACILITIES)),
)
filters = st.builds(
    Filters,
    q=st.sampled_from(("", "班", "二胡")),
    street=st.sampled_from(("", *STREETS)),
    theme=st.sampled_from(("", "t1", "t2")),
    facilities=st.frozensets(st.sampled_from(FACILITIES), max_size=2),
    flags=st.frozensets(st.sampled_from(tuple(FLAGS)), max_size=2),
)


@given(directories, filters)
def test_the_number_beside_a_choice_is_what_choosing_it_shows(directory, chosen):
    counts = directory.counts(chosen)
    for street in STREETS:
        assert counts["street"][street] == len(directory.matching(replace(chosen, street=street)))
    for theme in ("t1", "t2"):
        assert counts["theme"][theme] == len(directory.matching(replace(chosen, theme=theme)))
    for facility in FACILITIES:
        wanted = replace(chosen, facilities=chosen.facilities | {facility})
        assert counts["facility"][facility] == len(directory.matching(wanted))
    for flag in FLAGS:
        assert counts[flag]["1"] == len(directory.matching(replace(chosen, flags=chosen.flags | {flag})))


@given(directories, filters)
def test_an_address_brings_back_the_same_filters(directory, chosen):
    address = QueryDict(mutable=True)
    for name, value in chosen.query():
        address.appendlist(name, value)
    assert directory.read(address) == (chosen, [])


@given(filters, st.sampled_from((("street", "s1"), ("theme", "t1"), ("facility", "f1"), ("open", "1"))))
def test_choosing_twice_takes_a_choice_off_again(chosen, choice):
    name, value = choice
    assert chosen.toggled(name, value).has(name, value) != chosen.has(name, value)
    if not chosen.has(name, value):
        without = replace(chosen, **{name: ""}) if name in ("street", "theme") else chosen
        assert chosen.toggled(name, value).toggled(name, value) == without


def directory_now():
    return build(Home.objects.for_cards())


def test_what_does_not_exist_is_left_out_and_said():
    directory = Directory((), (Choice("s1", "东街"),), (), ())
    found, complaints = directory.read(QueryDict("street=nope&theme=nope&facility=a&facility=b&open=7&colour=red"))
    assert found == Filters()
    assert complaints == [
        "没有找到您要的街道，已经替您去掉这个条件。",
        "没有找到您要的主题，已经替您去掉这个条件。",
        "没有找到您要的设施，已经替您去掉这个条件。",
        "没有找到您要的设施，已经替您去掉这个条件。",
    ]


def test_the_index_holds_public_homes_in_two_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        directory = directory_now().at(time(12))
    assert [entry.pk for entry in directory.entries] == [
        cast.homes[area].pk for area in ("here", "next_door", "elsewhere")
    ]
    assert [street.label for street in directory.streets] == ["东街街道", "西街街道"]
    assert all(entry.open and entry.step_free and not entry.demonstration for entry in directory.entries)
    assert not any(entry.open for entry in directory.at(time(20)).entries)
    assert (directory.moments, directory.last_moment(time(12)), directory.last_moment(time(8, 59))) == (
        (time.min, time(9), time(17)), time(9), time.min,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["金丝雀", "甲社区", "东街", "花园", "阅览室", "金 丝 雀之家"])
def test_search_finds_names_places_themes_and_facilities(cast, words):
    directory = directory_now()
    assert cast.homes["here"].pk in [entry.pk for entry in directory.matching(Filters(q=words))]


def test_full_width_letters_and_case_do_not_matter(cast):
    make_home(cast.communities["here"], "KTV之家", "ktv")
    assert len(directory_now().matching(Filters(q="ｋｔｖ"))) == 1


def test_archived_facilities_and_themes_are_no_choices(cast):
    Facility.objects.update(is_archived=True)
    Theme.objects.update(is_archived=True)
    directory = directory_now()
    assert (directory.facilities, directory.themes) == ((), ())
    assert len(directory.entries) == 3


def test_a_home_known_only_by_its_district_has_no_street(cast):
    make_home(cast.district, "不知在哪之家", "somewhere")
    assert next(entry.street for entry in directory_now().entries) == ""
    assert Home.objects.get(slug="somewhere").street is None
