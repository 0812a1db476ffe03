"""Notices on the desk: whose they are, and every page about one."""

import pytest
from django.utils import timezone

from activities import notices
from activities.models import Notice
from branches.models import User
from tests.activities.desk import errors, in_days, send, typed
from tests.activities.notices import office, published, upload
from tests.cast import AREAS, CANARIES
from tests.makers import make_user
from tests.whole_site.addresses import routes

pytestmark = pytest.mark.django_db
LIST = "/desk/notices/"
PAGES = ("", "edit/", "publish/", "withdraw/", "pin/", "unpin/", "attach/", "files/<int:file_pk>/remove/")


@pytest.fixture
def by():
    return User.objects.create_user("by", name="小陈")


@pytest.fixture
def organiser(cast, client_of):
    return client_of(cast.organiser)


def page(notice, tail=""):
    return f"{LIST}{notice.pk}/{tail.replace('<int:file_pk>', str(getattr(notice.files.first(), 'pk', 0)))}"


def test_every_address_of_one_notice_is_tried_here():
    start = "desk/notices/<int:pk>/"
    assert {route.route.removeprefix(start) for route in routes() if route.route.startswith(start)} == set(PAGES)


@pytest.mark.parametrize(
    "person", ["officer", "street_officer", "district_officer", "organiser", "technician", "auditor"]
)
def test_a_notice_opens_in_ones_own_area_alone(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    before = list(Notice.objects.order_by("pk").values())
    for tail in PAGES:
        for area in AREAS:
            own = area in cast.areas_of(person) and person != "auditor"
            status = client.get(page(cast.notices[area], tail)).status_code
            if status not in ((200,) if own else (403, 404)):
                wrong[tail, area] = status
            if not own:
                sent = client.post(page(cast.notices[area], tail), {"reason": "试一试", "version": "1"})
                assert sent.status_code in (403, 404, 405)
    assert wrong == {}
    assert list(Notice.objects.order_by("pk").values()) == before


def test_who_has_homes_alone_is_asked_for_one_of_these(organiser, client_of):
    """Also an organiser whose home is gone, who can write for nobody."""
    for client in (organiser, client_of(make_user("nobody", "organiser"))):
        answer = send(client, f"{LIST}new/", title="停水", body="周六停水。", source="物业")
        assert errors(answer) == {"home": "请选一个家。"}
        assert "不是哪一个家的" not in answer.text
    assert not Notice.objects.filter(title="停水").exists()


def test_a_visitor_is_led_to_the_log_in_page(cast, client):
    for tail in PAGES:
        address = page(cast.notices["here"], tail)
        assert client.get(address)["Location"].endswith(f"?next={address}")


def test_lists_and_choices_name_ones_own_area_alone(cast, organiser):
    for address in (LIST, f"{LIST}new/"):
        text = organiser.get(address).text
        assert not any(CANARIES[area] in text for area in ("next_door", "elsewhere"))
    assert "金丝雀通知" in organiser.get(LIST).text


def test_a_notice_is_written_published_pinned_and_withdrawn(cast, organiser, client):
    given = {
        "title": "停水通知",
        "body": "星期三停水。\n\n请先接好水。",
        "source": "甲社区",
        "home": cast.homes["here"].pk,
    }
    answer = send(organiser, f"{LIST}new/", **given, expires_on=in_days(9))
    notice = Notice.objects.get(title="停水通知")
    assert answer["Location"] == page(notice)
    assert (notice.status, notice.division) == ("draft", cast.communities["here"])
    send(organiser, page(notice, "publish/"), day=in_days(1), clock="8:00")
    assert "定时发布" in organiser.get(LIST).text
    assert client.get(notice.get_absolute_url()).status_code == 404
    Notice.objects.filter(pk=notice.pk).update(publish_at=timezone.now())
    for step, pinned in (("pin/", True), ("unpin/", False)):
        assert send(organiser, page(notice, step)).status_code == 302
        assert Notice.objects.get(pk=notice.pk).pinned is pinned
    assert "reason" in errors(send(organiser, page(notice, "withdraw/"), reason=""))
    send(organiser, page(notice, "withdraw/"), reason="改到下周")
    text = organiser.get(page(notice)).text
    assert "改到下周" in text
    assert page(notice, "edit/") not in text


def test_a_full_top_is_told_on_the_page(cast, organiser, by):
    for number in range(3):
        notices.pin(published(cast.homes["here"], by, title=f"顶{number}"), by=by)
    answer = send(organiser, page(cast.notices["here"], "pin/"))
    assert (answer.status_code, "最多置顶3条" in errors(answer)["__all__"]) == (409, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "title"), ({"body": " "}, "body"), ({"source": ""}, "source"), ({"home": ""}, "home"),
     ({"expires_on": in_days(-1)}, "expires_on"), ({"body": "长" * 5001}, "body"), ({"title": "长" * 81}, "title")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(cast, organiser, changes, field):
    given = {"title": "停水", "body": "写了半天", "source": "甲社区", "home": cast.homes["here"].pk}
    answer = send(organiser, f"{LIST}new/", **(given | changes))
    assert field in errors(answer)
    assert not Notice.objects.filter(source="甲社区").exists()


def test_an_officer_may_write_for_the_whole_community_and_not_for_the_next(cast, client_of):
    officer = client_of(cast.officer)
    given = {"title": "全社区", "body": "停水", "source": "甲社区", "home": ""}
    send(officer, f"{LIST}new/", **given, division=cast.communities["here"].pk)
    assert Notice.objects.get(title="全社区").division == cast.communities["here"]
    for foreign in (cast.communities["next_door"], cast.streets["east"], cast.district):
        answer = send(officer, f"{LIST}new/", **given | {"title": "越界"}, division=foreign.pk)
        assert "division" in errors(answer)


def test_a_home_and_a_place_at_once_is_told_beside_the_place(cast, client_of):
    given = {"title": "两处", "body": "停水", "source": "甲社区", "home": cast.homes["here"].pk}
    answer = send(client_of(cast.officer), f"{LIST}new/", **given, division=cast.communities["here"].pk)
    assert "这里就不用选" in errors(answer)["division"]
    assert not Notice.objects.filter(title="两处").exists()


def test_a_secretary_writes_for_the_branch_and_not_for_the_community(cast, client_of):
    secretary = client_of(cast.secretary)
    form = secretary.get(f"{LIST}new/").context["form"]
    assert "division" not in form.fields
    send(secretary, f"{LIST}new/", title="支部通知", body="开会", source="支部", branch=cast.branches["here"].pk)
    assert Notice.objects.get(title="支部通知").branch == cast.branches["here"]


def test_attachments_come_and_go_by_the_page(cast, organiser):
    notice = cast.notices["here"]
    address = page(notice, "attach/")
    assert 'enctype="multipart/form-data"' in organiser.get(address).text
    bad = organiser.post(address, typed(organiser.get(address), title="表格") | {"file": upload(b"MZ" + b"\0" * 99)})
    assert "不能上传" in errors(bad)["file"]
    assert "file" in errors(send(organiser, address, title="没选文件"))
    empty = organiser.post(address, typed(organiser.get(address), title="空") | {"file": upload(b"")})
    assert "空的" in errors(empty)["file"]
    organiser.post(
        address, typed(organiser.get(address), title="<b>表格</b>") | {"file": upload(office("xl/workbook.xml"))}
    )
    row = notice.files.get(kind="xlsx")
    text = organiser.get(page(notice)).text
    assert "&lt;b&gt;表格&lt;/b&gt;" in text
    assert send(organiser, f"{page(notice)}files/{row.pk}/remove/").status_code == 302
    assert not notice.files.filter(pk=row.pk).exists()
    foreign = cast.notices["next_door"].files.get()
    assert organiser.post(f"{page(notice)}files/{foreign.pk}/remove/", {"version": "1"}).status_code == 404
