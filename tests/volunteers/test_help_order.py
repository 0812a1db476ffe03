"""An order as its resident follows it by its code: how it stands, rating, reopening, cancelling, and whom to ring."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.activities.filling_in import errors, text
from tests.volunteers.asking import main, make_categories, make_place
from tests.volunteers.errands import accepted, done, make_crew, make_order
from volunteers import dispatching, ordering
from volunteers.models import ServiceOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def categories():
    return make_categories()


@pytest.fixture
def home(categories):
    return make_place()


@pytest.fixture
def own(client, clock):
    """`own(order)`: its page, opened as somebody does who knows the code."""

    def open_(order):
        client.post("/lookup/", {"code": order.code, "last_four": order.telephone[-4:]})
        return f"/help/{order.pk}/"

    return open_


def test_the_code_opens_it_and_another_browser_does_not(client, home, own):
    order = make_order(home)
    assert client.post("/lookup/", {"code": order.code, "last_four": "8001"})["Location"] == f"/help/{order.pk}/"
    assert client.get(f"/help/{order.pk}/").status_code == 200
    for end in ("", "cancel/"):
        assert Client().get(f"/help/{order.pk}/{end}")["Location"] == "/lookup/"
        assert Client().get(f"/help/{order.pk + 1}/{end}")["Location"] == "/lookup/"
    for end in ("cancel/", "rate/", "reopen/"):
        assert Client().post(f"/help/{order.pk}/{end}")["Location"] == "/lookup/"
        assert Client().post(f"/help/{order.pk + 1}/{end}")["Location"] == "/lookup/"
    order.refresh_from_db()
    assert order.status == "submitted"


def test_reading_changes_nothing(client, home, own):
    order = make_order(home)
    address, before = own(order), list(ServiceOrder.objects.values())
    for end in ("", "cancel/"):
        assert client.get(f"{address}{end}").status_code == 200
    for end in ("rate/", "reopen/"):
        assert client.get(f"{address}{end}").status_code == 405
    assert list(ServiceOrder.objects.values()) == before


def test_who_comes_is_told_once_they_said_yes_and_by_surname_and_team(client, own):
    home, team, (volunteer,) = make_crew(1)
    type(volunteer).objects.filter(pk=volunteer.pk).update(name="欧阳建国")
    volunteer.refresh_from_db()
    order = make_order(home)
    address = own(order)
    visit_at = timezone.make_aware(timezone.datetime(2030, 5, 6, 9, 30))
    dispatching.offer(order, volunteer, visit_at=visit_at, by=None)
    page = main(client.get(address))
    assert "<h1>正在找人去</h1>" in page
    assert "支部派了单" in page
    assert "欧阳" not in page
    dispatching.accept(order, volunteer, by=volunteer)
    page = main(client.get(address))
    assert f"{team.name}的欧阳师傅接了单" in page
    assert f"{team.name}的欧阳师傅5月6日（星期一）上午9:30来" in page
    assert "建国" not in page
    assert volunteer.telephone not in page


def test_nothing_is_told_of_who_said_no_or_why(client, own):
    home, _team, (volunteer, _other) = make_crew(2)
    order = make_order(home)
    assignment = dispatching.offer(order, volunteer, visit_at=timezone.now() + timedelta(days=1), by=None)
    dispatching.decline(assignment, by=volunteer, reason="腿摔了")
    page = main(client.get(own(order)))
    assert "请的人去不了，支部另外请人。" in page
    assert "腿摔了" not in page
    assert volunteer.name[0] not in page.partition("办到哪里了")[2].partition("您写的")[0]


@pytest.mark.parametrize(("rating", "words"), [("good", "满意"), ("fair", "基本满意"), ("poor", "不满意")])
def test_rating(client, own, rating, words):
    home, _team, (volunteer,) = make_crew(1)
    order = make_order(home)
    done(order, volunteer)
    address = own(order)
    page = main(client.get(address))
    assert "<h1>办完了，您满意吗？</h1>" in page
    assert "办了什么：换好了灯" in page
    answer = client.post(f"{address}rate/", {"rating": rating, "words": " 来得快 "}, follow=True)
    order.refresh_from_db()
    assert (order.status, order.rating, order.rating_words) == ("closed", rating, "来得快")
    assert f"您评价：{words}。" in main(answer)
    assert ('<details class="filter further" open>' in main(answer)) == (rating == "poor")
    again = client.post(f"{address}rate/", {"rating": "good"})
    assert again.status_code == 409
    order.refresh_from_db()
    assert order.rating == rating


def test_a_rating_without_a_choice_keeps_the_words(client, own):
    home, _team, (volunteer,) = make_crew(1)
    order = make_order(home)
    done(order, volunteer)
    answer = client.post(f"{own(order)}rate/", {"rating": "", "words": "来得快"})
    assert errors(answer) == ["请选满意、基本满意或者不满意。"]
    assert "来得快" in main(answer)


def test_reopening_wants_a_reason_and_two_weeks(client, clock, own):
    home, _team, (volunteer,) = make_crew(1)
    order = make_order(home)
    done(order, volunteer)
    address = own(order)
    assert errors(client.post(f"{address}reopen/", {"reason": " \u200b"})) == ["请写一句：哪里还没解决。"]
    page = main(client.post(f"{address}reopen/", {"reason": "又不亮了"}, follow=True))
    assert "<h1>重新办理，正在安排</h1>" in page
    assert "您要求重新办理：又不亮了" in page
    order.refresh_from_db()
    done(order, volunteer)
    clock.shift(timedelta(days=15))
    late = client.post(f"{own(order)}reopen/", {"reason": "又不亮了"})
    assert late.status_code == 409
    assert "超过14天了" in main(late)


def test_cancelling_is_asked_first_and_done_on_the_second_press(client, home, own):
    order = make_order(home)
    address = own(order)
    page = text(client.get(f"{address}cancel/"))
    order.refresh_from_db()
    assert order.status == "submitted"
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answer = client.post(f"{address}cancel/", {"version": version}, follow=True)
    assert "<h1>撤掉了</h1>" in main(answer)
    again = client.post(f"{address}cancel/", {"version": version})
    assert again.status_code == 409


def test_cancelling_what_was_just_accepted_is_asked_again(client, own):
    home, _team, (volunteer,) = make_crew(1)
    order = make_order(home)
    address = own(order)
    version = re.search(r'name="version" value="(\d+)"', text(client.get(f"{address}cancel/")))[1]
    accepted(order, volunteer)
    answer = client.post(f"{address}cancel/", {"version": version})
    assert answer.status_code == 409
    assert "<h1>有人接了</h1>" in main(answer)
    order.refresh_from_db()
    assert order.status == "accepted"


@pytest.mark.parametrize("version", ["", "abc", "9" * 5000, "²"])
def test_a_spoilt_version_breaks_nothing(client, home, own, version):
    answer = client.post(f"{own(make_order(home))}cancel/", {"version": version})
    assert answer.status_code in (302, 409)


def test_what_cannot_be_done_says_why_and_whom_to_turn_to(client, categories, home, own):
    order = make_order(home, category=categories[1])
    ordering.reject(order, by=None, reason="要专业的电工")
    page = main(client.get(own(order)))
    for words in ("<h1>这件事我们办不了</h1>", "原因：要专业的电工", "可以找：12345热线", "还没解决，重新办理"):
        assert words in page


def test_a_duplicate_shows_how_the_other_stands_and_nothing_else_of_it(client, home, own):
    other = make_order(home, name="别人", telephone="19900008002", what="楼道灯坏了", place="隔壁小区9栋")
    order = make_order(home)
    ordering.mark_duplicate(order, other, by=None)
    page = main(client.get(own(order)))
    assert "那一张现在：待受理，最晚" in page
    assert not any(each in page for each in ("别人", "8002", "楼道灯", "隔壁小区", other.code))


def test_being_late_is_admitted(client, clock, home, own):
    order = make_order(home)
    assert "我们晚了" not in main(client.get(own(order)))
    clock.shift(timedelta(days=30))
    assert "我们晚了，对不起" in main(client.get(own(order)))


def test_whom_to_ring(client, home, own, settings):
    order, branch = make_order(home), home.division.branches.get()
    address = own(order)
    settings.SITE_TELEPHONE = "0731-1111 1111"
    assert "有事打服务电话" in main(client.get(address))
    type(home).objects.filter(pk=home.pk).update(telephone="0731-2222 2222")
    assert "0731-2222 2222" in main(client.get(address))
    type(branch).objects.filter(pk=branch.pk).update(telephone="0731-3333 3333")
    assert f"有事打电话给{branch.name}" in main(client.get(address))
