"""Orders go when their time is over, and when somebody asks; with them the photographs and what was said of them."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from branches import privacy as people
from branches.hand_over import copied
from branches.models import Event
from branches.privacy import overdue
from homes.photos import renditions
from tests.districts.folders import run
from tests.volunteers.asking import picture
from tests.volunteers.errands import accepted, done, make_category, make_crew
from tests.whole_site.database_bytes import whole_database
from volunteers import dispatching, ordering, privacy_orders
from volunteers.models import Assignment, Message, OrderPhoto, ServiceOrder

pytestmark = pytest.mark.django_db
TELEPHONE = "19900008801"
PERSONAL = ("夜莺漏水", "夜莺建国", "夜莺代办", "夜莺家园1栋", "夜莺唱完", TELEPHONE)


@pytest.fixture
def no_rewriting(monkeypatch):
    """The file of the database is rewritten outside transactions only."""
    for module in ("erase_person", "purge"):
        monkeypatch.setattr(f"branches.management.commands.{module}.scrub", lambda: True)


@pytest.fixture
def crew():
    return make_crew(1)


def place(home, **about):
    given = {"what": "夜莺漏水", "name": "夜莺建国", "telephone": TELEPHONE, "place": "夜莺家园1栋"}
    given |= {"proxy_name": "夜莺代办", "wish": "夜莺唱完", "photos": [renditions(picture())[0]]}
    return ordering.place(category=make_category(), home=home, **given | about)


def left():
    return [text for text in PERSONAL if text in whole_database()]


# --- by time
def test_two_years_after_it_is_over_an_order_is_emptied(crew, no_rewriting, django_capture_on_commit_callbacks):
    home, _team, (volunteer,) = crew
    order = place(home)
    done(order, volunteer, minutes=40)
    ordering.rate(order, "poor", words="夜莺代办不满意")
    photo = order.photos.get()
    storage, name = photo.picture.storage, photo.picture.name
    assert left() == list(PERSONAL)
    with time_machine.travel(timezone.now() + timedelta(days=700), tick=False):
        assert overdue()["orders"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=740), tick=False):
        assert overdue()["orders"] == 1
        with django_capture_on_commit_callbacks(execute=True):
            run("purge")
        assert overdue()["orders"] == 0
    assert left() == []
    assert "换好了灯" not in whole_database()
    assert not storage.exists(name)
    order.refresh_from_db()
    assert {field: getattr(order, field) for field in privacy_orders.BLANK_ROW} == privacy_orders.BLANK_ROW
    counted = Assignment.objects.values_list("order__category__slug", "order__branch", "status", "minutes")
    assert list(counted) == [("repair", home.division.branches.get().pk, "completed", 40)]
    assert order.done_at


def test_what_is_not_over_stays(crew, no_rewriting):
    order = place(crew[0])
    with time_machine.travel(timezone.now() + timedelta(days=2000), tick=False):
        run("purge")
    assert ServiceOrder.objects.get(pk=order.pk).name == "夜莺建国"


def test_two_emptied_orders_get_along(crew, no_rewriting):
    for _ in range(2):
        ordering.cancel(place(crew[0], form_key=""))
    with time_machine.travel(timezone.now() + timedelta(days=740), tick=False):
        run("purge")
    assert set(ServiceOrder.objects.values_list("code", "form_key", "telephone_index")) == {(None, None, "")}


# --- by telephone
@pytest.mark.parametrize("written", [TELEPHONE, "+86 199-0000-8801", "１９９００００８８０１"])
def test_whoever_asks_is_forgotten_however_the_number_was_written(
    crew, no_rewriting, django_capture_on_commit_callbacks, written
):
    home, _team, (volunteer,) = crew
    order = place(home)
    assignment = accepted(order, volunteer)
    dispatching.fail(assignment, by=volunteer, note="夜莺建国不在家")
    accepted(order, volunteer)
    photo = order.photos.get()
    storage, name = photo.picture.storage, photo.picture.name
    with django_capture_on_commit_callbacks(execute=True):
        run("erase_person", written, "--yes")
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert not order.assignments.held().exists()
    assert left() == []
    assert not storage.exists(name)
    assert not Message.objects.waiting().filter(order=order, assignment=None).exists()  # nobody rings them up
    subjects = (ServiceOrder._meta.label_lower, Assignment._meta.label_lower)
    assert set(Event.objects.filter(subject__in=subjects).values_list("on_behalf_of", flat=True)) == {""}


def test_of_those_who_share_a_number_only_one_is_forgotten(crew):
    home = crew[0]
    own, other = place(home), place(home, name="夜莺玉兰", proxy_name="夜莺建国")
    foreign = place(home, telephone="19900008802")
    assert people.erase_elsewhere(TELEPHONE, ["夜莺 建国"], by=None, reason="本人要求") == {"求助单": 2}
    for order in (own, other, foreign):
        order.refresh_from_db()
    assert (own.name, own.what, own.code) == ("", "", None)
    assert (other.name, other.what, other.proxy_name) == ("夜莺玉兰", "夜莺漏水", "")
    assert set(ServiceOrder.history.filter(id=other.pk).values_list("proxy_name", flat=True)) == {""}
    assert foreign.name == "夜莺建国"


def test_a_copy_holds_what_one_said_and_nobody_else(crew):
    home, _team, (volunteer,) = crew
    own = place(home)
    done(own, volunteer)
    place(home, name="夜莺玉兰", proxy_name="夜莺建国", what="夜莺修门", place="夜莺家园2栋")
    copies = {heading: copied(rows) for heading, rows in privacy_orders.copies(TELEPHONE, ["夜莺建国"]).items()}
    text = json.dumps(copies, ensure_ascii=False)
    for told in ("夜莺漏水", "夜莺建国", "夜莺家园1栋", "换好了灯", "夜*"):
        assert told in text
    for hidden in ("夜莺代办", "夜莺玉兰", "夜莺修门", "夜莺家园2栋", volunteer.name, volunteer.telephone):
        assert hidden not in text
    whole = json.dumps({key: copied(rows) for key, rows in privacy_orders.copies(TELEPHONE, None).items()}, default=str)
    assert json.dumps("夜莺玉兰")[1:-1] in whole


def test_how_many_there_are_under_a_number_is_told(crew):
    place(crew[0])
    assert people.find(TELEPHONE).elsewhere == {"求助单": 1}
    assert OrderPhoto.objects.count() == 1
