"""Orders that the desk enters for somebody who rings or comes by."""

import pytest

from tests.activities.desk import errors
from tests.volunteers.desk import DESK, newest, page, send, typed
from tests.volunteers.errands import make_category
from volunteers.models import ServiceOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


CALLER = {
    "via": "telephone", "what": "水管漏了", "name": "陈娭毑", "telephone": "199 0000 4567", "caller": "她的女儿",
    "place": "金丝雀家园3栋402", "division": "", "home": "", "wish": "", "needed": "1", "consent": "on",
}  # fmt: skip


def test_an_order_by_telephone_keeps_both_names_and_shows_its_code_once(cast, desk):
    before = ServiceOrder.objects.count()
    sheet = typed(desk.get(f"{DESK}new/"), **CALLER, category=make_category().pk)
    answer = desk.post(f"{DESK}new/", sheet)
    order = newest()
    assert (order.name, order.proxy_name, order.telephone) == ("陈娭毑", "她的女儿", "19900004567")
    assert (order.taken_by, order.via, order.branch) == (cast.secretary, "telephone", cast.branches["here"])
    code = f"{order.code[:4]} {order.code[4:]}"
    assert code in answer.text
    assert answer["Cache-Control"] == "private, no-store"
    assert order.consented_at is not None
    for address in (DESK, page(order), f"{DESK}calls/"):
        text = desk.get(address).text
        assert code not in text
        assert order.code not in text
    again = desk.post(f"{DESK}new/", sheet)  # a double tap
    assert code in again.text
    assert ServiceOrder.objects.count() == before + 1


def test_what_is_missing_is_told_beside_its_field_and_nothing_typed_is_lost(desk):
    before = ServiceOrder.objects.count()
    for name in ("what", "name", "telephone", "place", "needed", "consent", "category"):
        answer = send(desk, f"{DESK}new/", **CALLER | {"category": make_category().pk} | {name: ""})
        assert list(errors(answer)) == [name]
        assert ("水管漏了" in answer.text) is (name != "what")
    for nothing in ("\u200b", "\u3000"):
        assert "name" in errors(send(desk, f"{DESK}new/", **CALLER | {"category": make_category().pk, "name": nothing}))
    assert ServiceOrder.objects.count() == before


def test_a_home_of_another_area_cannot_be_chosen(cast, client_of):
    sent = CALLER | {"category": make_category().pk, "home": cast.homes["elsewhere"].pk}
    assert "home" in errors(send(client_of(cast.officer), f"{DESK}new/", **sent))


def test_the_organiser_enters_for_their_home(cast, client_of):
    door = client_of(cast.organiser)
    sent = CALLER | {"category": make_category().pk, "home": cast.homes["here"].pk, "via": "desk", "place": "家里大厅"}
    assert send(door, f"{DESK}new/", **sent).status_code == 200
    assert newest().home == cast.homes["here"]


def test_a_post_is_needed_to_enter_one(cast, client_of):
    assert client_of(cast.street_officer).get(f"{DESK}new/").status_code == 403
    assert client_of(cast.auditor).get(DESK).status_code == 403
