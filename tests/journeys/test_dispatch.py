"""Help on a phone: asked for at the door, offered, declined, accepted by somebody else, done, rated by its code.

And by proxy: somebody rings, staff enter it and read the code out.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import make_cast
from tests.journeys.measures import small_targets
from tests.volunteers.troop import make_volunteer, with_code
from volunteers.models import ServiceOrder, Volunteer

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine")
PLACE = "金丝雀家园3栋402"


@pytest.fixture
def cast(transactional_db):
    found = make_cast()
    Volunteer.objects.update(free_times=0)
    return found


@pytest.fixture
def staff(cast, phone, log_in):
    """The secretary's phone, logged in, on the list of orders."""
    holder = phone(False)
    log_in(holder.page, holder.site, "secretary", to="/desk/orders/")
    return holder


def offer(staff, order, volunteer):
    """Ask this person for tomorrow afternoon."""
    staff.open(f"/desk/orders/{order.pk}/").follow("请一位去")
    tomorrow = timezone.localdate() + timedelta(days=1)
    staff.fill(day=tomorrow.isoformat(), begins="15:00", minutes="45").press("下一步，看谁有空")
    staff.page.locator(f"main input[name=volunteer][value='{volunteer.pk}']").check()
    staff.press("请他去")


def enter(phone, volunteer):
    """Open their own page on their phone."""
    phone.open("/volunteer/").fill(code=volunteer.code, last_four=volunteer.telephone[-4:])
    return phone.press("打开我的页")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_order_is_declined_by_one_and_done_by_another(cast, staff, phone, axe, scripts):
    first, second = cast.volunteers["here"], with_code(make_volunteer(cast.teams["here"], 8))
    resident = phone(scripts)
    resident.open("/help/ask/?home=here&via=door")
    resident.fill(what="厨房灯不亮了", name="陈娭毑", telephone="19900004567", consent=True).press("求助")
    order = ServiceOrder.objects.latest("pk")

    offer(staff, order, first)
    theirs = enter(phone(scripts), first)
    assert "19900004567" not in theirs.text
    theirs.follow("去不了", exact=False).press("告诉他们去不了")
    assert "没有关系" in theirs.text

    staff.open("/desk/orders/")
    assert "刚刚没请到人的" in staff.text
    offer(staff, order, second)
    theirs = enter(phone(scripts), second)
    assert small_targets(theirs.page) == []
    if scripts:
        assert axe(theirs.page) == []
    theirs.press("我去", exact=False)
    assert (cast.homes["here"].name in theirs.text, "陈娭毑" in theirs.text) == (True, True)
    assert theirs.page.locator("main a[href='tel:19900004567']").count() == 1
    theirs.follow("办好了").fill(**{"what": "换好了灯", f"minutes_{second.pk}": "30"}).press("填好了")
    assert "辛苦" in theirs.text

    asker = phone(scripts)  # another day, another phone: the code opens it again
    order.refresh_from_db()
    asker.open("/lookup/").fill(code=order.code, last_four="4567").press("查一查", exact=False)
    asker.page.get_by_label("满意", exact=True).check()
    asker.page.locator("main form[action$='/rate/'] button").click()
    asker.page.wait_for_load_state()
    order.refresh_from_db()
    assert (order.status, order.rating) == ("closed", "good")


def test_somebody_rings_and_the_code_is_read_out(cast, staff):
    staff.follow("替人登记一单")
    staff.page.locator("main select[name=category]").select_option(label="小修小补")
    staff.fill(what="水管漏了", name="陈娭毑", telephone="199 0000 4567", caller="她的女儿", place=PLACE, consent=True)
    staff.press("登记好了")
    order = ServiceOrder.objects.latest("pk")
    assert f"{order.code[:4]} {order.code[4:]}" in staff.text
    assert (order.name, order.proxy_name, order.via) == ("陈娭毑", "她的女儿", "telephone")
    staff.page.get_by_role("link", name="看这一单").click()
    staff.page.wait_for_load_state()
    assert order.code not in staff.text
    assert "谁打来的" in staff.text
