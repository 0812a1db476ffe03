"""A page made of pieces that are at hand says what the same page says that is made anew: to the letter."""

from datetime import timedelta

import pytest
from django.core.cache import caches

from activities import signup
from activities.models import Activity
from config import caching, display
from config.content_version import PASSING_KEY
from homes.models import Home
from tests.makers import make_activity_of, make_homes

NOW, MINUTE, NIGHT = "2026-11-25T11:31:30+08:00", "2026-11-25T11:32:00+08:00", "2026-11-26T00:10:00+08:00"
LISTS = (
    "/", "/en/", "/homes/", "/homes/?page=2", "/homes/?q=金丝雀", "/homes/?open=1", "/en/homes/", "/en/homes/?page=2",
    "/activities/", "/activities/?page=2", "/activities/?when=today", "/activities/?home=here",
)  # fmt: skip


def forget():
    caches["pages"].clear()
    caching._remembered.clear()
    caching._questions.clear()


@pytest.mark.once
@pytest.mark.django_db
def test_pieces_at_hand_make_the_same_page(cast, client, time_machine):
    here = cast.homes["here"]
    make_homes(cast.communities["here"], 30)
    for number in range(32):
        make_activity_of(here, f"第{number}场", starts_in=timedelta(days=1 + number))
    # at the minute one door closes and one opens, names can no longer be put down, something is over, something begins
    here.hours.update(closes="11:32")
    cast.homes["next_door"].hours.update(opens="11:32")
    time_machine.move_to(NOW, tick=False)
    today, over, begun = (
        make_activity_of(cast.homes[area], title, starts_in=timedelta(hours=hours, minutes=1))
        for area, title, hours in (("next_door", "今天的", 2), ("here", "刚结束的", -1.5), ("elsewhere", "刚开始的", 0))
    )
    details = ("/homes/next-door/", "/en/homes/here/", "/homes/here/")
    details += tuple(each.get_absolute_url() for each in (today, over, begun))
    asked = [("one.example.cn", address) for address in (*LISTS, *details)]
    asked += [("two.example.cn", address) for address in details]
    asked += [("one.example.cn", cast.activities["here"].get_absolute_url())]

    def read(size, *, anew=False):
        client.cookies[display.cookie_name()] = f"{size}-normal"
        found = {}
        for host, address in asked:
            if anew:
                forget()
            response = client.get(address, headers={"Host": host})
            assert response.status_code == 200
            found[host, address] = response.text
        return found

    def at(moment, size, **how):
        time_machine.move_to(moment, tick=False)
        return read(size, **how)

    forget()
    at(NOW, "standard")
    # for readers of larger letters there is no page in store, and whatever was not rendered for its minute or its day
    made = {moment: at(moment, "huge") for moment in (MINUTE, NIGHT)}
    Home.objects.filter(pk=here.pk).update(lead="改过的一句话")
    caching.content.renew()
    changed = [key for key, page in read("huge").items() if "改过的一句话" in page]
    assert {address for _, address in changed} >= {"/homes/", "/homes/here/", "/en/homes/here/"}
    Home.objects.filter(pk=here.pk).update(lead=here.lead)
    for moment, pages in made.items():
        anew = at(moment, "huge", anew=True)
        assert {key for key in anew if anew[key] != pages[key]} == set()
    # what changes all day shows, beside what is kept as lasting
    caching.content.renew()
    at(NOW, "huge")
    Activity.objects.filter(pk=today.pk).update(title="改过的标题")
    signup.join(today, names=["来宾"], telephone="13800000000")
    caching.content.renew(PASSING_KEY)
    pages = read("huge")
    changed = {address for (_, address), page in pages.items() if "改过的标题" in page}
    assert changed >= {"/", "/activities/", "/homes/next-door/", today.get_absolute_url()}
    anew = read("huge", anew=True)
    assert {key for key in anew if anew[key] != pages[key]} == set()
