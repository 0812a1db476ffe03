"""The staff pages of orders: read there, masked, with the way to the desk; the kinds of help are the district's."""

import pytest

from tests.volunteers.desk import TELEPHONES, ask_for_help, orders_of, page
from tests.volunteers.errands import make_category

pytestmark = pytest.mark.django_db
ADMIN = "/admin/volunteers/"


def test_an_order_is_read_masked_and_done_on_the_desk(cast, client_of):
    order, officer = orders_of(cast)["here"], client_of(cast.officer)
    text = officer.get(f"{ADMIN}serviceorder/{order.pk}/change/").text
    assert page(order) in text
    assert "199****4101" in text
    assigned = officer.get(f"{ADMIN}assignment/{order.assignments.get().pk}/change/").text
    assert page(order) in assigned
    history = officer.get(f"{ADMIN}serviceorder/{order.pk}/history/").text
    assert "请一位去" in history
    listed = officer.get(f"{ADMIN}serviceorder/").text
    for shown in (text, assigned, history, listed):
        assert [secret for secret in (TELEPHONES["here"], "金丝雀大娘", "3栋401") if secret in shown] == []
    assert officer.get(f"{ADMIN}serviceorder/add/").status_code == 403
    assert officer.post(f"{ADMIN}serviceorder/{order.pk}/change/", {"status": "done"}).status_code == 403
    assert officer.get(f"{ADMIN}serviceorder/{order.pk}/delete/").status_code == 403
    foreign = ask_for_help(cast, "next_door")
    assert officer.get(f"{ADMIN}serviceorder/{foreign.pk}/change/").status_code in (302, 403, 404)


def test_the_kinds_of_help_are_the_districts_to_edit(cast, client_of):
    category = make_category()
    address = f"{ADMIN}ordercategory/{category.pk}/change/"
    given = {"name": "小修", "slug": category.slug, "usual_minutes": 45, "accept_days": 2, "done_days": 4, "order": 5}
    assert client_of(cast.officer).post(address, given).status_code == 403
    assert client_of(cast.district_officer).post(address, given).status_code == 302
    category.refresh_from_db()
    assert (category.name, category.usual_minutes) == ("小修", 45)
