"""Asking for help as a resident meets it: the landing page, the form, the door of a home; mistakes, doubles, floods."""

import re

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone

from branches.models import CalendarDay, ResidentCompound
from config import open_forms
from tests.activities.filling_in import errors, filled, text
from tests.volunteers.asking import ASKED, TELEPHONE, ask, main, make_categories, make_place
from tests.volunteers.errands import done, make_crew, make_order
from volunteers import help_forms
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


# --- what there is to ask for
def test_the_landing_page_says_what_how_and_by_when(client, categories):
    page = main(client.get("/help/"))
    for words in ("小修小补", "1个工作日内有人接，5个工作日内办完", "支部派单", "14天以内可以重新办理", 'href="tel:'):
        assert words in page
    assert f'href="/help/ask/?category={categories[0].slug}"' in page


def test_what_was_solved_lately_is_counted(client):
    home, _team, (volunteer, *_) = make_crew(1)
    make_order(home)
    done(make_order(home), volunteer)
    page = main(client.get("/help/"))
    assert '办好了<b class="number">1</b>件' in page
    assert "示例数据" not in page
    ServiceOrder.objects.update(is_sample=True)
    caches["pages"].clear()
    page = main(client.get("/help/"))
    assert re.search(r'办好了<b class="number">1</b>件。<span class="tag tag-sample">示例数据', page)


def test_nobody_asks_for_another_community_by_not_choosing(client, home, categories):
    make_division = type(home.division).objects.create
    make_division(code="990100000001", name="示例社区", level="community", parent=home.division)
    page = main(client.get("/help/"))
    assert re.search(r'<select[^>]* name="place">\s*<option value="">', page)
    assert client.get("/help/ask/?place=").status_code == 200


def test_where_nothing_is_set_up_there_is_the_telephone(client):
    page = main(client.get("/help/"))
    assert "先打电话说一声" in page
    assert "我要求助" not in page
    assert "大家的事办好了" not in page


# --- the form
def test_what_where_and_whom_to_ring_are_enough(client, clock, home):
    answer = ask(client, clock)
    order = ServiceOrder.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/help/{order.pk}/")
    assert {name: getattr(order, name) for name in ASKED} == ASKED
    assert (order.via, order.home, order.consent_version) == ("web", None, help_forms.CONSENT_VERSION)
    assert order.consented_at
    page = main(client.get(answer["Location"]))
    assert "<h1>收到了，正在安排</h1>" in page
    assert f"{order.code[:4]} {order.code[4:]}" in page


def test_the_day_is_one_on_which_people_work(client, clock, home):
    clock.move_to(timezone.make_aware(timezone.datetime(2026, 11, 20, 10)))  # a Friday
    CalendarDay.objects.create(day="2026-11-23", is_worked=False, name="放假")
    page = main(client.get(ask(client, clock)["Location"]))
    assert "最晚11月24日（星期二）有人接，最晚11月30日（星期一）办完" in page


def test_at_the_door_three_things_are_enough(client, clock, home):
    address = f"/help/ask/?home={home.slug}&via=door"
    page = main(client.get(address))
    before = page.partition("<details")[0]
    shown = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', before)
    assert [name for name in shown if name != "csrfmiddlewaretoken"] == ["what", "name", "telephone"]
    given = filled(client, address, clock)
    category = re.search(r'<option value="(\d+)" selected', page)[1]
    place = re.search(r'<textarea name="place"[^>]*>\s*([^<]+)</textarea>', page)[1]
    typed = {name: ASKED[name] for name in ("what", "name", "telephone")}
    client.post(address, given | typed | {"category": category, "place": place})
    order = ServiceOrder.objects.get()
    assert (order.home, order.place, order.category.slug, order.via) == (home, home.name, "other", "door")
    assert order.branch == home.division.branches.get()


def test_whoever_empties_the_place_at_the_door_is_there_all_the_same(client, clock, home):
    ask(client, clock, f"/help/ask/?home={home.slug}&via=door", place=" \u200b")
    assert ServiceOrder.objects.get().place == home.name


def test_what_was_chosen_before_is_filled_in(client, categories, home):
    page = main(client.get(f"/help/ask/?category={categories[1].slug}&place={home.division.code}"))
    assert f'<option value="{categories[1].pk}" selected' in page
    assert f'value="{home.division.short_name}"' in page


def test_the_place_offers_compounds_of_the_community_that_was_chosen(client, home):
    ResidentCompound.objects.create(name="示例花园", division=home.division)
    assert '<option value="示例花园"></option>' in main(client.get(f"/help/ask/?place={home.division.code}"))
    assert "示例花园" not in main(client.get("/help/ask/"))


@pytest.mark.parametrize(
    "asked",
    ["home=nowhere&via=door", "home=%00", "category=%00", "category=nowhere&place=%00", "place=²&via=desk", "via=door"],
)
def test_what_is_not_known_is_left_out(client, clock, home, asked):
    answer = ask(client, clock, f"/help/ask/?{asked}")
    assert answer.status_code == 302
    assert ServiceOrder.objects.get().via == "web"


def test_an_unknown_home_is_told(client, home):
    assert "没有找到这个家" in main(client.get("/help/ask/?home=nowhere"))


def test_for_somebody_else_both_names_are_kept(client, clock, home):
    ask(client, clock, name="示例爷爷", proxy=" 示例女儿 ", wish="星期三下午")
    order = ServiceOrder.objects.get()
    assert (order.name, order.proxy_name, order.wish) == ("示例爷爷", "示例女儿", "星期三下午")
    assert "由示例女儿代办" in main(client.get(f"/help/{order.pk}/"))


def test_nothing_typed_is_lost_and_every_mistake_is_said(client, clock, home):
    answer = ask(
        client, clock, what=" \u200b", name="\u2060", telephone="12345", place="", proxy="示例女儿", wish="星期三",
        consent="", category="",
    )  # fmt: skip
    assert answer.status_code == 200
    assert "<title>错误：" in text(answer)
    assert errors(answer) == [
        "请选是哪一类的事。", "请写一两句：什么事要人帮忙。", "请写在哪里，去的人好找。", "请写怎么称呼您。",
        "这个电话看着不对：手机是11位，座机请带区号。", "要勾上同意，才能替您登记。不想勾，也可以打电话。",
    ]  # fmt: skip
    for typed in ("12345", "示例女儿", "星期三"):
        assert typed in main(answer)
    assert '<details class="filter further" open>' in main(answer)
    assert not ServiceOrder.objects.exists()


def test_no_box_is_ticked_beforehand(client, home):
    assert not re.search(r'name="consent"[^>]*checked', main(client.get("/help/ask/")))


@pytest.mark.parametrize("field", ["what", "name", "telephone", "place", "proxy", "wish", "category"])
@pytest.mark.parametrize("typed", ["长" * 5000, "\0", "<script>alert(1)</script>", "' OR 1=1 --", "\ud83d"])
def test_whatever_is_typed_is_answered(client, clock, home, field, typed):
    answer = ask(client, clock, **{field: typed.encode("utf-8", "replace").decode()})
    assert answer.status_code in (200, 302)
    assert "<script>alert" not in text(answer)
    assert re.findall(r"确保|[A-Za-z]{6,}", " ".join(errors(answer))) == []


def test_a_double_tap_is_one_order_and_another_text_another(client, clock, home):
    given = filled(client, "/help/ask/", clock) | ASKED | {"category": make_categories()[0].pk}
    assert len({client.post("/help/ask/", given)["Location"] for _ in range(3)}) == 1
    client.post("/help/ask/", given | {"what": "水龙头也漏"})
    assert ServiceOrder.objects.count() == 2


def test_robots_are_no_people(client, clock, home):
    assert errors(ask(client, clock, website="http://example.com")) == [open_forms.NOT_A_PERSON]
    assert errors(ask(client, clock, made_at="1")) == [open_forms.TOO_OLD]
    assert not ServiceOrder.objects.exists()


def test_a_telephone_asks_five_times_a_day(client, clock, home):
    answers = [ask(client, clock, what=f"第{number}件") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert answers[-1]["Retry-After"]
    assert "第5件" in main(answers[-1])
    assert 'href="tel:' in main(answers[-1])


def test_nothing_personal_in_addresses_or_caches(client, clock, home):
    asked = ask(client, clock)
    order = ServiceOrder.objects.get()
    for answer in (
        asked,
        client.get(asked["Location"]),
        client.get("/help/ask/"),
        client.get(f"/help/{order.pk}/cancel/"),
    ):
        assert answer["Cache-Control"] == "private, no-store"
        assert not any(each in answer.headers.get("Location", "") for each in (order.code, TELEPHONE[-4:]))
    assert TELEPHONE not in main(client.get(asked["Location"]))


# --- the sign for the door
def test_the_sign_leads_to_the_form_with_the_home(client, home, monkeypatch):
    drawn = []
    monkeypatch.setattr("homes.views.posters.qr", lambda address: drawn.append(address) or "")
    page = text(client.get(f"/help/sign/{home.slug}/"))
    assert drawn == [f"http://testserver/help/ask/?home={home.slug}&via=door"]
    assert home.name in page
    assert "小修小补、别的事" in page


def test_a_sign_may_be_for_one_kind_of_help(client, home, monkeypatch):
    drawn = []
    monkeypatch.setattr("homes.views.posters.qr", lambda address: drawn.append(address) or "")
    for asked, known in (("repairs", "&category=repairs"), ("nothing-of-ours", "")):
        client.get(f"/help/sign/{home.slug}/?category={asked}")
        assert drawn.pop() == f"http://testserver/help/ask/?home={home.slug}&via=door{known}"


def test_the_page_of_a_home_leads_to_its_form_and_its_sign(client, home):
    page = main(client.get(home.get_absolute_url()))
    assert f'href="/help/ask/?home={home.slug}"' in page
    assert f'href="/help/sign/{home.slug}/"' in page
