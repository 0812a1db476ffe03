"""Stored pages belong to nobody, are never older than the last edit or the last minute, and are cheap to ask again."""

import gzip
from itertools import product

import pytest
from django.contrib import messages
from django.db import OperationalError, transaction
from django.http import HttpResponse, HttpResponseNotFound
from django.urls import path
from django.utils import timezone

from config import caching, content_version, display
from config import urls as site
from config.caching import public_page
from config.content_version import ContentVersion
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - this module serves as URLconf
from homes.circles import keeping
from homes.models import Home, Photo

away = []  # anything in it: the database does not answer
edits = []  # what happens while a page is made
rendered = []  # one entry for every time a view ran


@public_page
def page(request):
    """Says everything it knows about who asks."""
    rendered.append(request.get_full_path())
    if away:
        raise OperationalError
    who = getattr(request, "user", None)
    shown = display.of(request)
    text = f"{who}|{sorted(request.COOKIES)}|{shown.size}-{shown.contrast}|{timezone.localtime():%H:%M}"
    return HttpResponse(f"{text}|{'、'.join(Home.objects.public().values_list('name', flat=True))}")


@public_page
def careless(request):
    """A public page that speaks to one reader after all."""
    messages.info(request, "只对你说")
    response = HttpResponse("careless")
    response.set_cookie("mine", "1")
    return response


@public_page
def missing(request):
    rendered.append(request.path)
    return HttpResponseNotFound("missing")


@public_page
def edited(request):
    """An edit comes in between what it reads and what it keeps of it."""
    names = list(Home.objects.public().order_by("pk").values_list("name", flat=True))
    for change in edits:
        change()
    edits.clear()
    return HttpResponse(caching.piece("names", lambda: "、".join(names)))


def form(request):
    rendered.append(request.path)
    return HttpResponse(f"{request.user}")


urlpatterns = [
    path("page/", page),
    path("careless/", careless),
    path("missing/", missing),
    path("edited/", edited),
    path("form/", form),
    *site.urlpatterns,
]


@pytest.fixture(autouse=True)
def these_pages(settings):
    settings.ROOT_URLCONF = __name__
    rendered.clear()
    away.clear()


@pytest.fixture
def at_nine(time_machine):
    """A clock that stands at twenty past the minute, unless moved."""
    time_machine.move_to("2026-11-23T09:00:20+08:00", tick=False)
    return time_machine


@pytest.mark.django_db
def test_nothing_of_a_reader_gets_into_the_store(cast, client_of, client, at_nine):
    first, second = client_of(cast.officer), client_of(cast.technician)
    first.cookies["tracker"] = "abc"
    for asking in (first, second, client, first):
        response = asking.get("/page/", headers={"Authorization": "Basic abc"})
        assert response.content.decode().startswith("AnonymousUser|[]|standard-normal|")
        assert not response.cookies
    assert rendered == ["/page/"]


@pytest.mark.django_db
def test_an_answer_that_sets_a_cookie_is_not_stored(client, client_of):
    assert "mine" in client.get("/careless/").cookies
    assert client_of(None).get("/careless/").get("ETag") is None
    assert list(caching.caches["pages"]._cache) == []


@pytest.mark.django_db
def test_a_form_is_never_stored(cast, client_of, client):
    for asking, name in ((client_of(cast.officer), "金丝雀小陈"), (client, "AnonymousUser")):
        response = asking.get("/form/")
        assert response.content.decode() == name
        assert response.get("ETag") is None
    assert rendered == ["/form/", "/form/"]


@pytest.mark.django_db
def test_posting_to_a_public_address_is_not_answered_from_the_store(client):
    client.get("/page/")
    client.post("/page/")
    assert rendered == ["/page/", "/page/"]


@pytest.mark.django_db
def test_a_missing_page_is_not_stored(client):
    assert [client.get("/missing/").status_code for _ in range(2)] == [404, 404]
    assert [client.get("/nowhere/").status_code for _ in range(2)] == [404, 404]
    assert rendered == ["/missing/", "/missing/"]


@pytest.mark.django_db
def test_each_way_to_look_has_its_own_copy(client, at_nine):
    for size, contrast in product(display.SIZES, display.CONTRASTS):
        client.cookies[display.cookie_name()] = f"{size}-{contrast}"
        assert f"|{size}-{contrast}|" in client.get("/page/").content.decode()
    assert len(rendered) == 6
    client.cookies[display.cookie_name()] = "gigantic-purple"
    assert "|standard-normal|" in client.get("/page/").content.decode()
    assert len(rendered) == 6


@pytest.mark.django_db
def test_each_question_and_host_has_its_own_copy(client, at_nine):
    for address in ("/page/", "/page/?page=2", "/page/?page=3", "/page/?page=2"):
        client.get(address)
    assert rendered == ["/page/", "/page/?page=2", "/page/?page=3"]
    client.get("/page/", headers={"Host": "other.example.cn"})
    client.get("/page/", secure=True)
    assert len(rendered) == 5


@pytest.mark.django_db(transaction=True)
def test_an_edit_shows_at_once(cast, client, at_nine):
    assert "金丝雀之家" in client.get("/page/").content.decode()
    home = cast.homes["here"]
    home.name = "改名之家"
    home.save()
    text = client.get("/page/").content.decode()
    assert "改名之家" in text
    assert "金丝雀之家" not in text


@pytest.mark.django_db
def test_what_was_read_before_an_edit_is_not_kept_as_if_it_were_newer(cast, client, at_nine):
    def edit():
        Home.objects.filter(pk=cast.homes["here"].pk).update(name="改名之家")
        caching.content.renew()

    edits.append(edit)
    assert "金丝雀之家" in client.get("/edited/").text
    assert "改名之家" in client.get("/edited/").text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["save", "delete", "link"])
def test_every_kind_of_change_renews_the_version(cast, change):
    before, home = caching.content.current(), cast.homes["here"]
    if change == "save":
        Photo.objects.create(home=home, alt="门口", large="photos/a.webp", small="photos/b.webp", width=1, height=1)
    elif change == "delete":
        home.hours.first().delete()
    else:
        home.organisers.add(cast.officer)
    assert caching.content.current() != before


@pytest.mark.django_db(transaction=True)
def test_a_change_shows_when_it_is_certain_and_once_however_many_rows(cast, monkeypatch):
    before = caching.content.current()
    with transaction.atomic():
        cast.homes["here"].save()
        transaction.set_rollback(True)
    assert caching.content.current() == before
    renewed = []
    monkeypatch.setattr(keeping, "_compute", lambda: None)  # walks come afterwards, in transactions of their own
    monkeypatch.setattr(caching.caches["default"], "set", lambda *given: renewed.append(given))
    with transaction.atomic():
        for home in cast.homes.values():
            home.save()
        assert renewed == []
    assert len(renewed) == 1


@pytest.mark.django_db(transaction=True)
def test_logging_in_renews_no_page(cast, client):
    before = caching.content.current()
    client.force_login(cast.officer)
    client.get("/form/")
    assert caching.content.current() == before


@pytest.mark.django_db
def test_another_process_follows_within_a_second(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(content_version.time, "monotonic", lambda: clock[0])
    here, there = ContentVersion(), ContentVersion()
    assert here.current() == there.current()
    before = there.current()
    for key in content_version.KEYS:
        here.renew(key)
        assert here.current() != before
        clock[0] += 0.99
        assert there.current() == here.current()
        before = here.current()


@pytest.mark.django_db
def test_the_version_is_not_asked_for_at_every_page(monkeypatch):
    clock, asked = [1000.0], []
    monkeypatch.setattr(content_version.time, "monotonic", lambda: clock[0])
    version, store = ContentVersion(), caching.caches["default"]
    get_many = store.get_many
    monkeypatch.setattr(store, "get_many", lambda *given: (asked.append(given), get_many(*given))[1])
    for _ in range(50):
        version.current()
    assert len(asked) == 1


@pytest.mark.django_db
def test_stored_pages_are_served_while_the_database_is_away(client, at_nine, monkeypatch):
    clock, asked = [1000.0], []
    monkeypatch.setattr(content_version.time, "monotonic", lambda: clock[0])
    page = client.get("/page/").content

    def away(*given):
        asked.append(clock[0])
        raise OperationalError

    with monkeypatch.context() as gone:
        gone.setattr(caching.caches["default"], "get_many", away)
        for clock[0] in (1001.0, 1001.1, 1005.9, 1006.1):
            assert client.get("/page/").content == page
    assert asked == [1001.0, 1006.1]  # every question costs the reader seconds
    caching.content.renew()
    clock[0] += content_version.RETRY_SECONDS
    client.get("/page/")
    assert len(rendered) == 2


@pytest.mark.django_db
def test_only_while_the_database_is_away_a_page_outlives_its_minute(client, at_nine, monkeypatch):
    clock, client.raise_request_exception = [1000.0], False
    monkeypatch.setattr(content_version.time, "monotonic", lambda: clock[0])
    kept = client.get("/page/").content
    away.append(True)
    at_nine.move_to("2026-11-23T09:30:00+08:00", tick=False)
    for _ in range(3):
        assert client.get("/page/").content == kept
    assert len(rendered) == 2  # whoever comes next does not wait for it
    assert client.get("/page/?other").status_code == 503  # nobody has read it yet
    away.clear()
    clock[0] += content_version.RETRY_SECONDS
    assert "|09:30|" in client.get("/page/").text
    away.append(True)
    at_nine.move_to("2026-11-23T10:31:00+08:00", tick=False)
    assert client.get("/page/").status_code == 503  # it tells of an hour ago


@pytest.mark.django_db
def test_what_was_changed_is_not_served_on_while_the_database_is_away(client, at_nine):
    client.raise_request_exception = False
    client.get("/page/")
    caching.content.renew()
    away.append(True)
    assert client.get("/page/").status_code == 503


@pytest.mark.django_db
def test_a_page_does_not_outlive_its_minute(client, at_nine):
    assert "|09:00|" in client.get("/page/").content.decode()
    at_nine.move_to("2026-11-23T09:00:59.5+08:00", tick=False)
    assert "|09:00|" in client.get("/page/").content.decode()
    at_nine.move_to("2026-11-23T09:01:00+08:00", tick=False)
    assert "|09:01|" in client.get("/page/").content.decode()
    assert len(rendered) == 2


@pytest.mark.django_db
def test_a_stored_page_costs_no_query(cast, client, at_nine, django_assert_num_queries):
    client.get("/page/")
    with django_assert_num_queries(0):
        client.get("/page/")


@pytest.mark.django_db
def test_asking_again_is_answered_with_not_modified(client, at_nine):
    tag = client.get("/page/")["ETag"]
    again = client.get("/page/", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag
    assert "Content-Type" not in again
    assert client.get("/page/", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.django_db
def test_a_proxy_may_have_weakened_the_tag(client, at_nine):
    tag = client.get("/page/")["ETag"].removeprefix("W/")
    assert client.get("/page/", headers={"If-None-Match": f"W/{tag}"}).status_code == 304


@pytest.mark.django_db
def test_compressed_and_plain_say_the_same(client, at_nine):
    plain = client.get("/page/")
    packed = client.get("/page/", headers={"Accept-Encoding": "gzip, deflate"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain
    for response in (plain, packed):
        assert int(response["Content-Length"]) == len(response.content)
        assert {word.strip() for word in response["Vary"].split(",")} >= {"Cookie", "Accept-Encoding"}
        assert response["Cache-Control"] == "no-cache"
    assert rendered == ["/page/"]


@pytest.mark.django_db
def test_head_tells_of_the_page_without_it(client, at_nine):
    head, page = client.head("/page/"), client.get("/page/")
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Vary", "Cache-Control", "Content-Security-Policy"):
        assert head[name] == page[name]
    assert rendered == ["/page/"]


@pytest.mark.django_db
def test_stored_pages_carry_the_safety_headers_and_no_nonce(client, at_nine):
    fresh, stored = client.get("/page/"), client.get("/page/")
    for response in (fresh, stored):
        assert "nonce-" not in response["Content-Security-Policy"]  # one nonce for many readers would be none
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Permissions-Policy"]
    own = {"X-Request-ID"}
    assert {*fresh.items()} - {*stored.items()} == {(name, fresh[name]) for name in own}


@pytest.mark.django_db
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("keep", [caching.remember, caching.piece])
def test_what_is_kept_stands_until_an_edit_or_for_a_quarter_of_an_hour(at_nine, keep, lasting):
    counted = []

    def kept():
        return keep("test", lambda: counted.append(1) or len(counted), lasting=lasting)

    for moment, expected in (("00:30", 1), ("00:59", 1), ("14:59", 1), ("15:00", 2), ("29:59", 2)):
        at_nine.move_to(f"2026-11-23T09:{moment}+08:00", tick=False)
        assert kept() == expected
    caching.content.renew(content_version.PASSING_KEY)
    assert kept() == (2 if lasting else 3)
    caching.content.renew()
    assert kept() == (3 if lasting else 4)


@pytest.mark.django_db
def test_a_flood_of_questions_stays_bounded(client, settings, at_nine):
    limit = settings.CACHES["pages"]["OPTIONS"]["MAX_ENTRIES"]
    for number in range(limit + 50):
        client.get(f"/page/?q={number}")
    assert len(caching.caches["pages"]._cache) <= limit


def test_a_card_is_fetched_once_and_shown_in_the_order_that_is_asked(cast, django_assert_num_queries):
    homes = Home.objects.public().order_by("name")
    first = caching.cards(homes)
    with django_assert_num_queries(1):  # the keys alone
        again = caching.cards(homes.reverse())
    assert [id(home) for home in reversed(again)] == [id(home) for home in first]
    with django_assert_num_queries(0):
        assert caching.cards_by_key(Home, [first[1].pk, first[0].pk]) == [first[1], first[0]]
    caching.content.renew()
    assert caching.cards_by_key(Home, [first[0].pk])[0] is not first[0]
