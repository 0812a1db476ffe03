"""Asking for help as a resident meets it: the landing page, the form, the door of a home; mistakes, doubles, floods."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from branches.models import CalendarDay, ResidentCompound
from config import open_forms
from homes import photos
from tests.activities.filling_in import errors, filled, text
from tests.activities.town import make_town
from tests.volunteers.asking import ASKED, TELEPHONE, ask, make_categories, picture
from tests.volunteers.errands import accepted, done, make_branch, make_crew, make_order
from volunteers import dispatching, help_forms, ordering
from volunteers.models import OrderPhoto, ServiceOrder

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
    home = make_town()
    make_branch(home)
    return home


def main(response):
    return text(response).partition("<main")[2].partition("</main>")[0]


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


# --- photographs
def test_photographs_are_made_anew_and_kept_apart(client, clock, home, settings):
    sent = picture().read()
    answer = ask(client, clock, photo_1=picture(), photo_3=picture("图.png", "PNG"))
    page = client.get(answer["Location"])
    assert OrderPhoto.objects.count() == 2
    for row in OrderPhoto.objects.all():
        assert f'src="/help/photos/{row.pk}/"' in main(page)
        with row.picture.open() as file:
            kept = file.read()
        assert kept[8:12] == b"WEBP"
        assert kept != sent
        assert not row.picture.path.startswith(str(settings.MEDIA_ROOT))
        assert client.get(f"/media/{row.picture.name}").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", help_forms.EMPTY), (b"not a picture", photos.NOT_A_PHOTO), (b"<svg/>", photos.SVG)],
)
def test_a_file_that_is_no_photograph_loses_nothing_typed(client, clock, home, content, sentence):
    file = picture()
    file.file.seek(0)
    file.file.truncate()
    file.file.write(content)
    file.file.seek(0)
    file.size = len(content)
    answer = ask(client, clock, photo_2=file)
    assert errors(answer) == [sentence]
    assert ASKED["what"] in main(answer)
    assert '<details class="filter further" open>' in main(answer)
    assert not ServiceOrder.objects.exists()


def test_that_photographs_must_be_chosen_again_is_said(client, clock, home):
    assert "照片要请您再选一次" in main(ask(client, clock, consent="", photo_1=picture()))
    assert "照片要请您再选一次" not in main(ask(client, clock, consent=""))


def test_a_photograph_is_decoded_only_for_what_would_be_accepted(client, clock, home, monkeypatch):
    decoded = []
    monkeypatch.setattr(help_forms, "renditions", decoded.append)
    ask(client, clock, consent="", photo_1=picture())
    ask(client, clock, website="x", photo_1=picture())
    ask(client, clock, made_at="1", photo_1=picture())
    assert decoded == []


def test_who_may_see_a_photograph(client, clock, cast, client_of):
    make_categories()
    home = cast.homes["here"]
    ask(client, clock, f"/help/ask/?home={home.slug}", photo_1=picture())
    row = OrderPhoto.objects.order_by("pk").last()
    address = f"/help/photos/{row.pk}/"
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    seen = {person for person, user in cast.people.items() if client_of(user).get(address).status_code == 200}
    assert seen == {"officer", "secretary", "organiser", "district_officer", "technician"}
    assert client_of(cast.officer).post(address).status_code == 405
    nobodys, foreign = client_of(None).get("/help/photos/0/"), client_of(None).get(address)
    assert (nobodys.status_code, nobodys.content) == (foreign.status_code, foreign.content)


def test_a_volunteer_sees_the_photograph_while_they_have_the_order_in_hand(client, clock):
    from tests.volunteers.troop import enter, with_code  # noqa: PLC0415

    home, _team, (volunteer, other) = make_crew(2)
    order = make_order(home, photos=[photos.renditions(picture())[0]])
    address = f"/help/photos/{order.photos.get().pk}/"
    browsers = {person: Client() for person in (volunteer, other)}
    for number, (person, browser) in enumerate(browsers.items()):
        enter(browser, with_code(person, f"1234567{number}"))
    assignment = dispatching.offer(order, volunteer, visit_at=timezone.now() + timedelta(days=1), by=None)
    assert browsers[volunteer].get(address).status_code == 404  # asked is not yet in hand
    dispatching.accept(assignment.order, volunteer, by=volunteer)
    assert browsers[volunteer].get(address).status_code == 200
    assert browsers[other].get(address).status_code == 404
    dispatching.complete(order, by=volunteer, what="换好了", minutes={volunteer.pk: 30})
    clock.shift(timedelta(days=8))
    enter(browsers[volunteer], volunteer)
    assert browsers[volunteer].get(address).status_code == 404


# --- the order, by its code
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
