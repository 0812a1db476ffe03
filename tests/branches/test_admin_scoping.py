"""The traps of a scoped admin, each sprung: nothing of another area is shown, picked, filtered by or changed."""

from itertools import product

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from branches.admin.organisation import BranchAdmin
from branches.counted import Pages
from branches.models import Posting
from homes.models import Demonstration, Home, HomeFacility, OpeningException, OpeningHours, Photo
from homes.photos import renditions
from tests.cast import CANARIES, TELEPHONES
from tests.homes.test_photos import picture
from tests.staff_forms import filled

LIST = "/admin/homes/home/"
STAFF = ["officer", "street_officer", "organiser", "auditor"]


def page(home, name="change"):
    return f"{LIST}{home.pk}/{name}/"


def foreign_texts(cast, person):
    """Every canary that this person may not meet."""
    areas = set(CANARIES) - cast.areas_of(person)
    return [text for area in areas for text in (CANARIES[area], TELEPHONES[area])]


def assert_no_foreign_text(cast, person, response):
    text = response.content.decode()
    assert [canary for canary in foreign_texts(cast, person) if canary in text] == []


@pytest.mark.parametrize("person", STAFF)
@pytest.mark.parametrize("name", ["change", "history", "preview", "delete", "publish", "suspend", "confirm", "archive"])
def test_a_foreign_home_is_refused_on_every_page(cast, client_of, person, name):
    client = client_of(getattr(cast, person))
    for home in (cast.homes["elsewhere"], cast.drafts["elsewhere"]):
        for method in (client.get, client.post):
            response = method(page(home, name), {"reason": "试试"} if method == client.post else None)
            assert response.status_code in (302, 403)
    assert_no_foreign_text(cast, person, client.get("/admin/"))  # what was said stands there until it is read
    assert [Home.objects.get(pk=cast.homes["elsewhere"].pk).status, cast.homes["elsewhere"].history.count()] == [
        "open",
        1,
    ]


@pytest.mark.parametrize("person", ["officer", "street_officer", "organiser"])
def test_lists_searches_and_side_bars_hold_no_foreign_text(cast, client_of, person):
    client = client_of(getattr(cast, person))
    for query in ("", "?q=啄木鸟", "?status=all", f"?street={cast.streets['west'].code}"):
        response = client.get(LIST + query)
        assert "之家" in response.content.decode() or query  # something that could leak is on the page
        # the words of the search come back in the search box alone
        text = response.content.decode().replace('value="啄木鸟"', "")
        assert [canary for canary in foreign_texts(cast, person) if canary in text] == []
        assert "西街街道" not in text


@pytest.mark.parametrize(
    "lookup",
    [
        "telephone__startswith=0731",
        "division__parent__name=东街街道",
        "verified_by__password__startswith=p",
        "organisers__password__startswith=p",
        "history__name=x",
        "name__regex=.*",
    ],
)
def test_the_address_of_a_list_cannot_be_asked_questions(cast, client_of, lookup):
    response = client_of(cast.district_officer).get(f"{LIST}?{lookup}")
    assert (response.status_code, response.url) == (302, f"{LIST}?")


def test_a_post_with_a_question_in_the_address_is_refused(cast, client_of):
    response = client_of(cast.district_officer).post(f"{LIST}?telephone__startswith=0731", {"action": "give_holiday"})
    assert (response.status_code, response.url) == (302, f"{LIST}?")


@pytest.mark.parametrize("field", ["organisers", "verified_by", "division", "theme"])
@pytest.mark.parametrize("person", [*STAFF, "district_officer"])
def test_type_ahead_gives_nothing_away(cast, client_of, person, field):
    query = f"app_label=homes&model_name=home&field_name={field}&term="
    response = client_of(getattr(cast, person)).get(f"/admin/autocomplete/?{query}")
    assert response.status_code in (200, 403)
    found = {result["text"] for result in response.json()["results"]} if response.status_code == 200 else set()
    beyond = {"技术员", "审计老何"} if person != "district_officer" else {"技术员"}
    beyond |= set() if person == "district_officer" else {str(cast.communities["elsewhere"]), str(cast.streets["west"])}
    assert found & beyond == set()
    assert found or person != "district_officer"


def test_type_ahead_asks_visitors_to_log_in(cast, client_of):
    assert client_of(None).get("/admin/autocomplete/?app_label=homes").status_code == 302


@pytest.mark.parametrize("person", ["officer", "organiser"])
def test_a_home_cannot_be_moved_renamed_or_taken_over(cast, client_of, person):
    """Mass assignment: fields that the role's page does not offer change nothing."""
    home, client = cast.homes["here"], client_of(getattr(cast, person))
    before = Home.objects.filter(pk=home.pk).values().get()
    attack = {
        "slug": "taken",
        "division": cast.communities["elsewhere"].pk,
        "organisers": [cast.officer.pk, cast.organiser.pk],
        "is_sample": "on",
        "status": "closed",
        "status_note": "hacked",
        "verified_on": "2099-01-01",
        "verified_by": cast.officer.pk,
        "created_at": "2000-01-01",
    }
    assert client.post(page(home), filled(client.get(page(home))) | attack).status_code == 302
    after = Home.objects.filter(pk=home.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"updated_at"}
    assert list(home.organisers.all()) == [cast.organiser]


def test_an_organiser_changes_neither_name_nor_place(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.organiser)
    attack = {"name": "别的名字", "address": "别处", "longitude": "113.05", "latitude": "28.05", "datum": "WGS-84"}
    attack |= {"location_precision": "surveyed", "theme": "", "source": "我说的", "telephone": "0731-12345"}
    client.post(page(home), filled(client.get(page(home))) | attack)
    after = Home.objects.get(pk=home.pk)
    assert (after.name, after.address, str(after.longitude), after.theme_id) == (
        home.name,
        home.address,
        home.longitude,
        home.theme_id,
    )
    assert after.telephone == "0731-12345"  # this one is theirs to keep right


@pytest.mark.parametrize("target", ["elsewhere", "west"])
def test_a_foreign_place_in_the_form_is_refused_without_naming_it(cast, client_of, target):
    home, client = cast.drafts["here"], client_of(cast.street_officer)
    place = cast.communities.get(target) or cast.streets[target]
    response = client.post(page(home), filled(client.get(page(home)), division=place.pk))
    assert response.status_code == 200
    assert place.name not in response.content.decode()
    assert Home.objects.get(pk=home.pk).division == cast.communities["here"]


def test_foreign_people_cannot_be_made_organisers(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.district_officer)
    response = client.post(page(home), filled(client.get(page(home)), organisers=[cast.technician.pk]))
    assert response.status_code == 200
    assert "技术员" not in response.content.decode()
    assert list(home.organisers.all()) == [cast.organiser]


def test_an_organiser_whom_the_officer_may_not_see_stays(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.district_officer)
    home.organisers.add(cast.technician)
    client.post(page(home), filled(client.get(page(home))))
    assert set(home.organisers.all()) == {cast.organiser, cast.technician}


# --- parts with forged numbers
@pytest.fixture
def foreign_parts(cast):
    """One part of every kind at the home `elsewhere`, whose values nobody else may change."""
    home = cast.homes["elsewhere"]
    large, small = renditions(ContentFile(picture((60, 40)), name="a.jpg"))
    return {
        "hours": home.hours.first(),
        "exceptions": OpeningException.objects.create(
            home=home, first_day="2026-10-01", last_day="2026-10-01", reason="啄木鸟休息"
        ),
        "home_facilities": home.home_facilities.get(),
        "photos": Photo.objects.create(home=home, large=large, small=small, alt="啄木鸟门口"),
        "demonstrations": Demonstration.objects.create(home=home, granted_on="2022-12-01"),
    }


VALUES = {
    "hours": {"weekday": "6", "opens": "01:00", "closes": "02:00"},
    "exceptions": {"first_day": "2027-01-01", "last_day": "2027-01-01", "reason": "forged"},
    "home_facilities": {"note": "forged"},
    "photos": {"alt": "forged", "order": "9"},
    "demonstrations": {"granted_on": "2001-01-01"},
}
MODELS = {"hours": OpeningHours, "exceptions": OpeningException, "home_facilities": HomeFacility}
MODELS |= {"photos": Photo, "demonstrations": Demonstration}


@pytest.mark.parametrize("person", ["officer", "street_officer", "organiser"])
def test_a_forged_row_number_touches_no_foreign_row(cast, client_of, foreign_parts, person):
    client, home = client_of(getattr(cast, person)), cast.homes["here"]
    untouched = filled(client.get(page(home)))
    for prefix, delete in product(VALUES, (False, True)):
        rows = MODELS[prefix].objects.order_by("pk").filter(home=cast.homes["elsewhere"]).values()
        before, first = list(rows.all()), int(untouched.get(f"{prefix}-INITIAL_FORMS", 0))
        data = untouched | {f"{prefix}-TOTAL_FORMS": first + 1, f"{prefix}-INITIAL_FORMS": first + 1}
        data |= {f"{prefix}-{first}-id": foreign_parts[prefix].pk, f"{prefix}-{first}-home": cast.homes["elsewhere"].pk}
        data |= {f"{prefix}-{first}-{name}": value for name, value in VALUES[prefix].items()}
        if delete:
            data[f"{prefix}-{first}-DELETE"] = "on"
        with transaction.atomic():
            response = client.post(page(home), data)
            after = list(rows.all())
            transaction.set_rollback(True)
        assert response.status_code in (200, 302), f"{prefix} {delete}"
        assert_no_foreign_text(cast, person, response)
        assert after == before, f"{prefix} {delete}"


@pytest.mark.parametrize("count", ["5000", "-1", "x", ""])
def test_a_forged_number_of_rows_breaks_nothing(cast, client_of, count):
    client, home = client_of(cast.officer), cast.homes["here"]
    data = filled(client.get(page(home))) | {"hours-TOTAL_FORMS": count, "hours-INITIAL_FORMS": count}
    assert client.post(page(home), data).status_code in (200, 302)
    assert home.hours.count() == 5


# --- what nobody is offered
@pytest.mark.parametrize("path", ["r/1/1/", "homes/home/1/delete/", "branches/user/1/delete/", "homes/theme/1/delete/"])
def test_nothing_is_deleted_and_no_address_is_given_by_number(cast, client_of, path):
    assert client_of(cast.technician).get(f"/admin/{path}").status_code in (302, 403, 404)


def test_no_list_offers_deleting(cast, client_of):
    client = client_of(cast.technician)
    for path in ("homes/home", "homes/theme", "homes/demonstration", "branches/user", "branches/posting"):
        assert "delete_selected" not in client.get(f"/admin/{path}/").content.decode()
    client.post(LIST, {"action": "delete_selected", "_selected_action": [cast.homes["here"].pk], "post": "yes"})
    assert Home.objects.filter(pk=cast.homes["here"].pk).exists()


@pytest.mark.parametrize("query", ["", "?o=-1", "?q=支部"])
def test_a_list_whose_keys_alone_are_put_in_order_is_in_that_order(cast, client_of, monkeypatch, query):
    monkeypatch.setattr(BranchAdmin, "list_per_page", 2)
    client, shown = client_of(cast.district_officer), []
    for number in (1, 2):
        changes = client.get(f"/admin/branches/branch/{query}{'&' if query else '?'}p={number}").context["cl"]
        shown += changes.result_list
        assert (
            [branch.active_count for branch in changes.result_list]
            == [branch.memberships.active().count() for branch in changes.result_list]
            != [0]
        )
    assert shown == list(changes.queryset)
    assert len(shown) == 3


def test_a_long_list_is_counted_no_further_than_anybody_turns_its_pages(cast, client_of, monkeypatch):
    client = client_of(cast.district_officer)
    assert "条。" in client.get(LIST).text
    monkeypatch.setattr(Pages, "MOST", 3)
    assert "共 3 条以上。" in client.get(LIST).text
    assert "找到 1 条。" in client.get(f"{LIST}?q=啄木鸟之家&status=open").text


# --- a post that ends
def test_the_end_of_a_post_acts_on_the_next_request(cast, client_of):
    client = client_of(cast.officer)
    assert client.get(page(cast.homes["here"])).status_code == 200
    Posting.objects.filter(user=cast.officer).update(until="2020-12-31")
    assert client.get(page(cast.homes["here"])).status_code == 302
    assert client.get("/admin/").url.startswith("/admin/login/")


def test_disabling_an_account_acts_on_the_next_request(cast, client_of):
    client = client_of(cast.officer)
    cast.officer.is_active = False
    cast.officer.save()
    assert client.get("/admin/").status_code == 302


# --- forged values where the page offers numbers
FORGED = ["abc", "9" * 30, "-1", "", "1,2", "\0", "٣"]


@pytest.mark.parametrize("value", FORGED)
@pytest.mark.parametrize(
    "path", [f"{LIST}?theme=", f"{LIST}?theme__id__exact=", f"{LIST}export/?theme__id__exact=", f"{LIST}?p="]
)
def test_forged_values_in_an_address_are_answered(cast, client_of, path, value):
    assert client_of(cast.district_officer).get(path + value, follow=True).status_code in (200, 400)


@pytest.mark.parametrize("value", FORGED)
def test_forged_values_in_forms_are_answered(cast, client_of, value):
    client = client_of(cast.district_officer)
    home = page(cast.homes["here"])
    offered = client.get(home)
    for field in ("division", "theme", "organisers", "hours-0-id", "hours-0-weekday", "home_facilities-0-facility"):
        assert client.post(home, filled(offered, **{field: value})).status_code in (200, 302, 400)
    assert client.post(LIST, {"action": "give_holiday", "_selected_action": value}).status_code in (200, 302, 400)
    assert client.get(f"{LIST}{value or 0}/change/").status_code in (200, 302, 404)
    assert [row.weekday for row in cast.homes["here"].hours.all()] == [0, 1, 2, 3, 4]
