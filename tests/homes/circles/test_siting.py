"""The best choice of sites, as trying every choice finds it."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homes.circles import siting
from homes.circles.siting import RUNNERS_UP, TIES, Choice, Site, Step, TooHardError, best_sites
from tests.benchmarks.circles_siting import MOST, as_tried, every_choice, town

COSTS = st.none() | st.sampled_from([Decimal(0), Decimal("0.10"), Decimal("0.20"), Decimal(5), Decimal("7.35")])


@st.composite
def towns(draw):
    """(sites, demand, most, budget): few enough to try every choice."""
    keys = draw(st.permutations("abcdefg"))[: draw(st.integers(0, 7))]
    sites = [Site(key, draw(COSTS)) for key in keys]
    reached = st.sets(st.sampled_from("abcdefgz"), max_size=4)
    demand = draw(st.lists(st.tuples(st.integers(0, 5), reached), max_size=14))
    budget = st.none() | st.sampled_from([Decimal(0), Decimal("0.30"), Decimal("5.20"), Decimal("12.35")])
    return sites, demand, draw(st.integers(1, 8)), draw(budget)


def people(demand, keys):
    return sum(count for count, near in demand if near & set(keys))


def people_nowhere(demand):
    return sum(count for count, near in demand if not near)


def tried(sites, demand, most, budget):
    """Every choice within the budget without a site that adds nothing, as Choices, the best first."""
    costs = {site.key: site.cost for site in sites if budget is None or site.cost is not None}
    found = []
    for size in range(most + 1):
        for keys in combinations(sorted(costs), size):
            cost = None if None in [costs[key] for key in keys] else sum((costs[key] for key in keys), Decimal(0))
            adds = all(people(demand, set(keys) - {key}) < people(demand, keys) for key in keys)
            if adds and (budget is None or cost <= budget):
                found.append(Choice(keys, people(demand, keys), cost))
    return sorted(found, key=lambda choice: (-choice.members, len(choice.keys), choice.keys))


@given(towns())
def test_always_what_trying_every_choice_finds(case):
    sites, demand, most, budget = case
    answer = best_sites(sites, demand, most, budget)
    best, *others = tried(*case)
    as_good = [each for each in others if (each.members, len(each.keys)) == (best.members, len(best.keys))]
    assert answer.best == best
    assert answer.ties == as_good
    assert not answer.more_ties
    told = [best, *as_good]
    for each in others:
        if each.keys and len(each.keys) <= len(best.keys) and not any({*each.keys} <= {*more.keys} for more in told):
            told.append(each)
    expected = told[len(as_good) + 1 :][:RUNNERS_UP]
    assert [each.members for each in answer.runners_up] == [each.members for each in expected]
    assert {*answer.runners_up} <= {*told}

    assert answer.outside == people(demand, "abcdefgz") + people_nowhere(demand)
    assert answer.reachable == people(demand, [site.key for site in sites])
    assert answer.unpriced == ([] if budget is None else sorted(site.key for site in sites if site.cost is None))
    assert answer.without_budget == (None if budget is None else tried(sites, demand, most, None)[0].members)
    assert answer.budget_binds == (budget is not None and answer.without_budget > best.members)
    assert [step.members for step in answer.order] == [
        people(demand, [step.key for step in answer.order[:count]]) for count in range(1, len(best.keys) + 1)
    ]
    assert {step.key for step in answer.order} == {*best.keys}
    for key in best.keys:
        rest = {*best.keys} - {key}
        assert answer.marginal[key] == best.members - people(demand, rest)
        instead = [each for each in fitting(sites, budget, rest) if people(demand, each) > people(demand, rest)]
        instead = sorted(instead, key=lambda keys: (-people(demand, keys), sorted(keys)))
        instead = [each for each in instead if key not in each]
        found = answer.replacements[key]
        assert (found and {*found.keys}) == (instead[0] if instead else None)


def fitting(sites, budget, rest):
    """What one more site makes of these, where the budget allows it."""
    for site in sites:
        chosen = rest | {site.key}
        costs = [each.cost for each in sites if each.key in chosen]
        if site.key not in rest and (budget is None or (None not in costs and sum(costs) <= budget)):
            yield chosen


def test_five_of_34_over_5000_places_as_brute_force():
    """Acceptance 5; `make bench-circles` says how long it takes."""
    sites, demand = town()
    answer = best_sites(sites, demand, MOST)
    assert len(answer.best.keys) == MOST
    assert len(answer.runners_up) == RUNNERS_UP
    assert as_tried(answer, every_choice(sites, demand, MOST))


def test_taking_what_pays_most_first_is_not_best():
    sites = [Site("middle"), Site("east"), Site("west")]
    demand = [(3, {"middle", "east"}), (3, {"middle", "west"}), (2, {"east"}), (2, {"west"}), (9, set())]
    answer = best_sites(sites, demand, 2)
    assert answer.best == Choice(("east", "west"), 10, None)
    assert answer.order == [Step("east", 5, 5), Step("west", 5, 10)]
    assert answer.marginal == {"east": 5, "west": 5}
    assert answer.replacements == {
        "east": Choice(("middle", "west"), 8, None), "west": Choice(("east", "middle"), 8, None),
    }  # fmt: skip
    assert [each.keys for each in answer.runners_up] == [("east", "middle"), ("middle", "west")]
    assert (answer.outside, answer.reachable, answer.ties, answer.without_budget) == (19, 10, [], None)
    assert best_sites(sites, demand, 1).best.keys == ("middle",)


def test_sites_that_add_nothing_are_not_chosen():
    sites = [Site(key) for key in range(30)]
    answer = best_sites(sites, [(4, {7}), (2, {7, 8}), (0, {9})], 10)
    assert answer.best == Choice((7,), 6, None)
    assert (answer.ties, answer.more_ties) == ([], False)
    assert [each.keys for each in answer.runners_up] == [(8,)]
    assert answer.replacements == {7: Choice((8,), 2, None)}


def test_what_comes_next_is_no_part_of_what_was_told_nor_that_with_something_useless():
    demand = [(8, {"a"}), (2, {"a", "d"}), (10, {"b"}), (3, {"c"})]
    answer = best_sites([Site(key) for key in "abcd"], demand, 3)
    assert answer.best == Choice(("a", "b", "c"), 23, None)
    assert answer.runners_up == [Choice(("b", "c", "d"), 15, None)]


@pytest.mark.parametrize(
    ("sites", "demand"), [([], [(5, {1})]), ([Site(1), Site(2)], []), ([Site(1)], [(5, {2}), (3, set())])]
)
def test_nothing_to_choose(sites, demand):
    answer = best_sites(sites, demand, 3, Decimal(100))
    assert answer.best == Choice((), 0, 0)
    assert (answer.order, answer.marginal, answer.ties, answer.runners_up) == ([], {}, [], [])
    assert (answer.outside, answer.reachable) == (sum(count for count, _near in demand), 0)


def test_more_that_are_as_good_than_anybody_reads():
    """The one whose keys come first is best, also where it was not among those that were found."""
    demand = [(1, {key}) for key in range(30)]
    answer = best_sites([Site(key) for key in range(29, -1, -1)], demand, 3)
    assert answer.best == Choice((0, 1, 2), 3, None)
    assert answer.more_ties
    assert len({each.keys for each in answer.ties} - {answer.best.keys}) == TIES
    assert {each.members for each in answer.ties} == {3}
    assert answer.runners_up == []
    ring = [(1, {key, (key + 1) % 30}) for key in range(30)]
    assert best_sites([Site(key) for key in range(30)], ring, 3).best.keys == (0, 2, 4)
    assert best_sites([Site(key) for key in range(21)], demand, 1).more_ties is False
    assert best_sites([Site(key) for key in range(22)], demand, 1).more_ties is True


@pytest.mark.parametrize(
    ("budget", "keys"),
    [
        ("0", ()),
        ("99999.99", ()),
        ("100000", ("a",)),
        ("299999.99", ("b",)),
        ("300000", ("a", "b")),
        (None, ("b", "c")),
    ],
)
def test_the_budget(budget, keys):
    sites = [Site("a", Decimal(100000)), Site("b", Decimal(200000)), Site("c")]
    demand = [(1, {"a"}), (2, {"b"}), (4, {"c"})]
    answer = best_sites(sites, demand, 2, budget and Decimal(budget))
    assert answer.best.keys == keys
    assert answer.unpriced == (["c"] if budget else [])
    assert answer.without_budget == (6 if budget else None)
    assert answer.budget_binds is bool(budget)
    assert not best_sites(sites[:2], demand, 2, Decimal(300000)).budget_binds


def test_what_might_stand_in_place_of_a_site_is_within_the_budget_too():
    sites = [Site("a", Decimal(10)), Site("b", Decimal(30)), Site("c", Decimal(9)), Site("d", Decimal(20))]
    demand = [(3, {"a"}), (2, {"b"}), (1, {"c"}), (3, {"d"})]
    answer = best_sites(sites, demand, 2, Decimal(39))
    assert answer.best.keys == ("a", "d")
    assert answer.replacements["a"] == Choice(("c", "d"), 4, Decimal(29))
    assert answer.replacements["d"] == Choice(("a", "c"), 4, Decimal(19))
    assert [each.members for each in answer.runners_up] == [4, 4, 3]


def test_a_fen_too_much_in_millions_is_too_much():
    sites = [Site("a", Decimal("5000000000.01")), Site("b", Decimal("4999999999.99"))]
    demand = [(1, {"a"}), (1, {"b"})]
    assert best_sites(sites, demand, 2, Decimal("10000000000.00")).best.keys == ("a", "b")
    assert best_sites(sites, demand, 2, Decimal("9999999999.99")).best.keys == ("a",)


def test_what_takes_too_long_is_said(monkeypatch):
    monkeypatch.setattr(siting, "SECONDS", 0)
    with pytest.raises(TooHardError):
        best_sites(*town(), 9)
