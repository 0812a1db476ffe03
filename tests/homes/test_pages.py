"""What residents find on the pages about homes."""

from datetime import date

import pytest

from config.content_version import content
from homes.models import Demonstration, Home, Photo, Theme
from homes.views.pages import qr
from tests.cast import CANARIES
from tests.makers import make_home, make_homes, make_photo


def names(response):
    """The homes of a list, in order."""
    return [home.name for home in response.context["homes"]]


def text(response):
    return response.content.decode()


class TestDirectory:
    def test_every_public_home_and_no_draft(self, cast, client):
        response = client.get("/homes/")
        assert names(response) == [f"{CANARIES[area]}之家" for area in ("here", "next_door", "elsewhere")]
        assert "草稿" not in text(response)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("street=990100001000", ["金丝雀之家", "画眉鸟之家"]),
            ("street=990100001000&step_free=1", ["金丝雀之家"]),
            ("theme=garden", ["金丝雀之家", "画眉鸟之家", "啄木鸟之家"]),
            ("facility=reading-room&q=啄木鸟", ["啄木鸟之家"]),
            ("demonstration=1", ["画眉鸟之家"]),
            ("demonstration=1&street=990100002000", []),
            ("q=丙社区", ["啄木鸟之家"]),
        ],
    )
    def test_filters_combine(self, cast, client, query, expected):
        Home.objects.filter(pk=cast.homes["next_door"].pk).update(step_free=None)
        Demonstration.objects.create(home=cast.homes["next_door"], granted_on=date(2022, 1, 1))
        assert names(client.get(f"/homes/?{query}")) == expected

    def test_unknown_is_not_yes(self, cast, client):
        Home.objects.update(step_free=None)
        assert names(client.get("/homes/?step_free=1")) == []

    def test_a_folded_filter_says_what_was_chosen(self, cast, client):
        page = text(client.get("/homes/?step_free=1&demonstration=1"))
        assert "先挑要紧的：进门没有台阶、示范阵地</summary>" in page

    def test_nothing_found_shows_ways_back(self, cast, client):
        page = text(client.get("/homes/?q=找不着的东西"))
        assert "没有找到合适的家" in page
        assert 'href="/homes/"' in page
        assert 'href="tel:' in page

    def test_a_choice_without_homes_is_no_link(self, cast, client):
        """Demonstration has no home: it is told, not offered."""
        flags = client.get("/homes/").context["groups"][0][1]
        assert [choice["count"] for choice in flags if choice["label"] == "示范阵地"] == [0]
        assert "demonstration=1" not in text(client.get("/homes/"))

    @pytest.mark.parametrize("page", ["abc", "0", "-1", "99999999999999999999", "2", "1.5", "%00"])
    def test_a_page_that_does_not_exist_is_said(self, cast, client, page):
        response = client.get(f"/homes/?page={page}")
        assert response.status_code == 200
        assert "没有这一页，先给您看第1页。" in text(response)

    @pytest.mark.parametrize("query", ["street=nope", "theme=%00", "facility=x&facility=y", "street=1%27--"])
    def test_a_filter_that_does_not_exist_is_said(self, cast, client, query):
        response = client.get(f"/homes/?{query}")
        assert len(names(response)) == 3
        assert "已经替您去掉这个条件" in text(response)

    def test_the_last_page_holds_the_rest_and_keeps_the_filters(self, cast, client):
        make_homes(cast.communities["here"], 33)
        first, second = (client.get(f"/homes/?step_free=1&page={page}") for page in (1, 2))
        assert (len(names(first)), len(names(second))) == (30, 6)
        assert "?step_free=1&amp;page=2" in text(first)
        assert 'start="31"' in text(second)

    def test_what_was_searched_stands_in_the_title_escaped(self, cast, client):
        page = text(client.get("/homes/", {"q": "<script>alert(1)</script>"}))
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page

    def test_no_homes_at_all(self, db, client):
        assert "还没有公布的家" in text(client.get("/homes/"))


class TestHome:
    def test_unknown_facts_are_told_as_unknown(self, cast, client):
        bare = Home.objects.create(
            name="什么都不知道之家", slug="bare", division=cast.district, status=Home.Status.OPEN
        )
        page = text(client.get(bare.get_absolute_url()))
        for fact in ("地址", "开放时间", "怎么走", "地图上的位置"):
            assert f"{fact}待补充" in page
        assert page.count("待补充") >= 4 + len(Home.ACCESSIBILITY)
        assert "还没有人到现场核实过" in page

    @pytest.mark.parametrize("status", [Home.Status.PREPARING, Home.Status.CLOSED])
    def test_only_public_homes_have_pages(self, cast, client, status):
        Home.objects.filter(pk=cast.homes["here"].pk).update(status=status)
        for address in ("/homes/here/", "/homes/here/poster/"):
            assert client.get(address).status_code == 404

    def test_a_suspended_home_says_so_first(self, cast, client):
        Home.objects.filter(slug="here").update(status=Home.Status.SUSPENDED, status_note="屋顶在修")
        page = text(client.get("/homes/here/"))
        assert "暂停开放：屋顶在修" in page
        assert "平时的开放时间，现在暂停" in page
        assert "今天" not in page[page.index("什么时候开门") : page.index("接下来有什么")]

    def test_the_poster_can_hang_for_months(self, cast, client):
        hours = client.get("/homes/here/poster/").context["hours"]
        assert hours == [("星期一到星期五", ["9:00–17:00"]), ("星期六、星期日", [])]

    def test_the_poster_leads_back_by_qr(self, cast, client, settings):
        settings.SITE_ADDRESS = "https://jinqiu.example.cn"
        response = client.get("/homes/here/poster/")
        address = f"https://jinqiu.example.cn/h/{cast.homes['here'].pk}"
        assert "".join(response.context["address"]) == address
        assert response.context["qr"] == qr(address)
        assert "style=" not in response.context["qr"]


@pytest.mark.parametrize("address", ["/homes/", "/homes/here/", "/homes/here/poster/", "/streets/990100001000/",
                                     "/themes/garden/", "/near/?place=990100001001", "/about/site-map/",
                                     "/api/homes/", "/api/homes.geojson",
                                     "/api/nearest?lon=112.99&lat=28.11", "/feeds/homes/"])  # fmt: skip
def test_samples_say_so_wherever_they_are_shown(cast, client, address):
    assert "示例数据" not in main(text(client.get(address)))
    Home.objects.filter(slug="here").update(is_sample=True)
    content.renew()
    assert "示例数据" in main(text(client.get(address)))


def main(page):
    """The page without its frame: the demo notice at the top speaks of samples too."""
    return page.split("<main", 1)[-1]


class TestPhotos:
    def test_shown_with_the_home_and_served_as_an_image(self, cast, client):
        photo = make_photo(cast.homes["here"])
        assert photo.alt in text(client.get("/homes/here/"))
        response = client.get(photo.large.url)
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert response.content[8:12] == b"WEBP"

    def test_of_a_draft_only_for_its_staff(self, cast, client_of):
        photo = make_photo(cast.drafts["here"])
        seen = {name: client_of(person).get(photo.small.url).status_code for name, person in cast.people.items()}
        allowed = {"officer", "street_officer", "district_officer", "technician"}
        assert {name for name, status in seen.items() if status == 200} == allowed
        assert {status for name, status in seen.items() if name not in allowed} == {404}

    def test_put_away_it_is_gone_for_residents(self, cast, client, client_of):
        photo = make_photo(cast.homes["here"])
        Photo.objects.update(is_archived=True)
        assert client.get(photo.large.url).status_code == 404
        answer = client_of(cast.officer).get(photo.large.url)
        assert answer["Cache-Control"] == "private, no-store"

    def test_a_file_that_is_gone_is_a_404(self, cast, client):
        photo = make_photo(cast.homes["here"])
        photo.small.storage.delete(photo.small.name)
        assert client.get(photo.small.url).status_code == 404

    @pytest.mark.parametrize("name", ["nope.webp", "..%2F..%2Fportal.sqlite3", "%00.webp", "x" * 300])
    def test_other_names_are_404(self, cast, client, name):
        assert client.get(f"/media/photos/{name}").status_code == 404


class TestThemesAndStreets:
    def test_a_theme_tells_its_story_and_lists_its_homes(self, cast, client):
        Theme.objects.update(story="花园的故事")
        response = client.get("/themes/garden/")
        assert len(names(response)) == 3
        assert "花园的故事" in text(response)

    def test_archived_themes_have_no_page(self, cast, client):
        Theme.objects.update(is_archived=True)
        assert client.get("/themes/garden/").status_code == 404

    def test_a_street_without_homes_shows_a_way_on(self, cast, client):
        Home.objects.filter(slug="elsewhere").update(status=Home.Status.CLOSED)
        page = text(client.get("/streets/990100002000/"))
        assert "这个街道还没有公布的家" in page

    @pytest.mark.parametrize("code", ["990100000000", "990100001001", "1", "x"])
    def test_only_streets_are_streets(self, cast, client, code):
        assert client.get(f"/streets/{code}/").status_code == 404


def test_the_feed_and_the_site_map_hold_public_homes_only(cast, client):
    for address in ("/feeds/homes/", "/sitemap-homes.xml"):
        page = text(client.get(address))
        assert "here" in page
        assert "draft" not in page


def test_a_thousand_homes_stay_thirty_a_page(cast, client, django_assert_num_queries):
    make_home(cast.communities["here"], "很" * 60, "long-name")
    Home.objects.bulk_create(
        Home(name=f"第{n}号家", slug=f"many-{n}", division=cast.communities["here"], status=Home.Status.OPEN)
        for n in range(1000)
    )
    with django_assert_num_queries(4):
        response = client.get("/homes/?page=34")
    assert (response.context["total"], len(names(response))) == (1004, 14)
