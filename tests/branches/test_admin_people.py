"""The staff pages of people and their posts: who may be met, and that nobody rises above their own post."""

import pytest

from branches.models import Posting, User
from tests.staff_forms import errors_of, filled

USERS = "/admin/branches/user/"
TYPE_AHEAD = {"app_label": "branches", "model_name": "posting", "field_name": "branch"}


def page(user, name="change"):
    return f"{USERS}{user.pk}/{name}/"


@pytest.fixture
def client(cast, client_of):
    return client_of(cast.district_officer)


def new_user(client, **changes):
    data = filled(client.get(f"{USERS}add/"), username="newcomer", name="新来的")
    data |= {"password1": "jin-qiu-2026-nuan", "password2": "jin-qiu-2026-nuan"}
    return client.post(f"{USERS}add/", data | changes)


def with_post(role, division="", **changes):
    post = {"role": role, "division": division and division.pk, "branch": "", "since": "2026-01-01", "until": ""}
    rows = {f"postings-0-{name}": value for name, value in (post | changes).items()}
    return {"postings-TOTAL_FORMS": 1} | rows


def with_place(cast, role, places):
    """A post with `places`, some of the words division and branch; what was sent under them."""
    there = {"division": cast.communities["here"].pk, "branch": cast.branches["here"].pk}
    return with_post(role) | {f"postings-0-{place}": there[place] for place in places.split()}


def test_district_staff_meet_everybody_but_administrators(cast, client):
    names = {user.username for user in client.get(USERS).context["cl"].queryset}
    assert names == {
        "officer", "next_door", "elsewhere", "street", "district", "secretary", "next_door_secretary", "organiser",
        "auditor", "leader",
    }  # fmt: skip
    for name in ("change", "history", "password", "delete"):
        response = client.get(page(cast.technician, name), follow=True)
        assert "技术员" not in response.content.decode()


@pytest.mark.parametrize("person", ["officer", "street_officer", "organiser", "auditor"])
def test_nobody_else_meets_people_at_all(cast, client_of, person):
    client = client_of(getattr(cast, person))
    for address in (
        USERS,
        f"{USERS}add/",
        "/admin/branches/posting/",
        page(cast.organiser),
        page(cast.organiser, "password"),
    ):
        for response in (client.get(address), client.post(address, {})):
            assert response.status_code == 403 or response.url == "/admin/"


def test_a_newcomer_gets_a_password_and_a_post(cast, client):
    assert new_user(client, **with_post("community", cast.communities["here"])).status_code == 302
    newcomer = User.objects.get(username="newcomer")
    assert newcomer.check_password("jin-qiu-2026-nuan")
    assert str(newcomer.postings.get()) == "社区工作人员 · 甲社区居委会"
    assert newcomer in client.get(USERS).context["cl"].queryset


def test_an_organiser_without_an_area_can_still_be_found_afterwards(client):
    assert new_user(client, **with_post("organiser")).status_code == 302
    newcomer = User.objects.get(username="newcomer")
    assert client.get(page(newcomer)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password1": "short", "password2": "short"}, "password2"),
        ({"password2": "something-else-2026"}, "password2"),
        ({"username": "OFFICER"}, "username"),  # people do not tell names apart by case
        ({"username": "两 个字"}, "username"),
        (with_post("organiser", until="2025-01-01"), "postings-0-__all__"),
        (with_post("nothing"), "postings-0-role"),
    ],
)
def test_a_wrong_account_is_told(client, changes, field):
    response = new_user(client, **changes)
    assert field in errors_of(response)
    assert not User.objects.filter(username="newcomer").exists()


def test_a_post_fits_its_level(cast, client):
    response = new_user(client, **with_post("street", cast.communities["here"]))
    assert errors_of(response) == {"postings-0-division": ["“街道工作人员”的管辖范围应当是一个街道乡镇。"]}


@pytest.mark.parametrize(
    ("role", "places", "told"),
    [
        ("secretary", "", {"branch": "“支部书记”要填是哪个支部的。"}),
        (
            "secretary",
            "division",
            {"branch": "“支部书记”要填是哪个支部的。", "division": "“支部书记”不填管辖范围，请清空。"},
        ),
        ("secretary", "division branch", {"division": "“支部书记”不填管辖范围，请清空。"}),
        ("community", "", {"division": "“社区工作人员”要填管辖范围。"}),
        (
            "community",
            "branch",
            {"division": "“社区工作人员”要填管辖范围。", "branch": "“社区工作人员”不填支部，请清空。"},
        ),
        ("community", "division branch", {"branch": "“社区工作人员”不填支部，请清空。"}),
        ("district", "division", {"division": "“区级工作人员”的管辖范围应当是一个区县。"}),
        ("organiser", "branch", {"branch": "“组织者”不填支部，请清空。"}),
        ("auditor", "division", {"division": "“审计员”不填管辖范围，请清空。"}),
    ],
)
def test_the_place_of_a_post_fits_its_role_and_is_told_beside_the_field(cast, client, role, places, told):
    """On the page of the person, on that of the post, and where a post that exists is changed."""
    row = with_place(cast, role, places)
    assert errors_of(new_user(client, **row)) == {f"postings-0-{field}": [told[field]] for field in told}
    sent = {name.removeprefix("postings-0-"): value for name, value in row.items() if name.startswith("postings-0-")}
    add = "/admin/branches/posting/add/"
    response = client.post(add, filled(client.get(add), user=cast.organiser.pk, **sent))
    assert errors_of(response) == {field: [told[field]] for field in told}
    kept = cast.secretary.postings.get()
    change = f"/admin/branches/posting/{kept.pk}/change/"
    response = client.post(change, filled(client.get(change), **sent))
    assert errors_of(response) == {field: [told[field]] for field in told}
    assert Posting.objects.get(user=cast.secretary).branch == cast.branches["here"]
    assert not User.objects.filter(username="newcomer").exists()


def test_a_secretary_is_given_a_branch(cast, client, client_of):
    assert new_user(client, **with_place(cast, "secretary", "branch")).status_code == 302
    newcomer = User.objects.get(username="newcomer")
    assert str(newcomer.postings.get()) == "支部书记 · 金丝雀银龄支部"
    assert client.get(page(newcomer)).status_code == 200
    found = client.get("/admin/autocomplete/", TYPE_AHEAD | {"term": "画眉鸟"}).json()["results"]
    assert [each["text"] for each in found] == ["画眉鸟银龄支部"]
    assert (
        client_of(cast.secretary).get("/admin/autocomplete/", TYPE_AHEAD | {"term": "画眉鸟"}).json()["results"] == []
    )


@pytest.mark.parametrize("forged", ["999999", "x", "1" * 40, "-1", "\0"])
@pytest.mark.parametrize("field", ["branch", "division"])
def test_a_forged_place_is_refused_in_words(cast, client, field, forged):
    role = "secretary" if field == "branch" else "community"
    response = new_user(client, **with_post(role) | {f"postings-0-{field}": forged})
    if response.status_code == 200:
        assert set(errors_of(response)) >= {f"postings-0-{field}"}
    assert response.status_code in (200, 400)
    assert not Posting.objects.filter(user__username="newcomer").exists()


@pytest.mark.parametrize(
    "extra", [{"is_superuser": "on"}, {"is_staff": "on"}, {"groups": "1"}, {"user_permissions": "1"}]
)
def test_nobody_is_made_an_administrator(cast, client, extra):
    new_user(client, **extra)
    client.post(page(cast.officer), filled(client.get(page(cast.officer))) | extra)
    assert set(User.objects.filter(is_superuser=True)) == {cast.technician}


def test_a_post_cannot_be_given_to_an_administrator(cast, client):
    add = "/admin/branches/posting/add/"
    data = filled(client.get(add), user=cast.technician.pk, role="organiser")
    response = client.post(add, data)
    assert list(errors_of(response)) == ["user"]
    assert "技术员" not in response.content.decode()
    assert not cast.technician.postings.exists()


def test_a_forged_row_moves_no_post_of_somebody_else(cast, client):
    other = cast.officer.postings.get()
    data = filled(client.get(page(cast.organiser)))
    data |= {"postings-TOTAL_FORMS": 2, "postings-INITIAL_FORMS": 2, "postings-1-id": other.pk}
    data |= {"postings-1-role": "district", "postings-1-division": cast.district.pk, "postings-1-since": "2020-01-01"}
    client.post(page(cast.organiser), data)
    other.refresh_from_db()
    assert (other.user, other.role) == (cast.officer, "community")


def test_posts_end_and_are_never_deleted(cast, client):
    data = filled(client.get(page(cast.officer)), **{"postings-0-until": "2026-01-01", "postings-0-DELETE": "on"})
    assert client.post(page(cast.officer), data).status_code == 302
    assert str(Posting.objects.get(user=cast.officer).until) == "2026-01-01"


def test_an_account_is_switched_off_but_not_ones_own(cast, client):
    client.post(page(cast.officer), filled(client.get(page(cast.officer)), is_active=None))
    assert not User.objects.get(pk=cast.officer.pk).is_active
    own = page(cast.district_officer)
    assert list(errors_of(client.post(own, filled(client.get(own), is_active=None)))) == ["is_active"]
    assert User.objects.get(pk=cast.district_officer.pk).is_active


def test_a_password_is_set_anew_and_never_shown(cast, client, client_of):
    theirs = client_of(cast.officer)
    assert theirs.get("/admin/").status_code == 200
    shown = client.get(page(cast.officer)).content.decode()
    assert cast.officer.password.split("$")[-1][:8] not in shown
    new = {"password1": "xin-mi-ma-2026", "password2": "xin-mi-ma-2026"}
    assert client.post(page(cast.officer, "password"), new).status_code == 302
    assert User.objects.get(pk=cast.officer.pk).check_password("xin-mi-ma-2026")
    assert theirs.get("/admin/").status_code == 302  # whoever was logged in with the old one is out


def test_history_tells_of_posts_and_never_of_passwords(cast, client):
    client.post(page(cast.officer), filled(client.get(page(cast.officer)), **{"postings-0-until": "2026-01-01"}))
    response = client.get(page(cast.officer, "history"))
    assert response.context["entries"][0].changes == [("结束", "待补充", "2026-01-01")]
    assert "password" not in str(response.context["entries"])


@pytest.mark.parametrize("path", ["branches/division", "branches/publishedfigure"])
def test_official_tables_are_only_looked_at(cast, client, path):
    assert client.get(f"/admin/{path}/").status_code == 200
    assert client.get(f"/admin/{path}/add/").status_code == 403
    row = f"/admin/{path}/{cast.district.pk}/change/"
    assert client.post(row, {"name": "改名"}).status_code in (302, 403)
    cast.district.refresh_from_db()
    assert cast.district.name == "望岳区"


@pytest.mark.parametrize(
    "path", ["branches/user", "branches/posting", "branches/division", "homes/theme", "homes/facility"]
)
def test_lists_ask_the_database_equally_often_however_many_rows(cast, client, django_assert_max_num_queries, path):
    client.get(f"/admin/{path}/")
    with django_assert_max_num_queries(8):
        assert client.get(f"/admin/{path}/").status_code == 200
