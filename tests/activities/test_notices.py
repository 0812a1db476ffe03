"""Notices: their verbs, at most three on top, attachments by what they hold, and their pages on the desk."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities import attachments, notices
from activities.models import Notice, NoticeFile
from branches.models import Division, Event, User
from branches.transitions import IllegalTransition
from tests.activities.desk import errors, in_days, send, typed
from tests.activities.town import make_town
from tests.at_once import together
from tests.cast import AREAS, CANARIES
from tests.whole_site.addresses import routes

pytestmark = pytest.mark.django_db
LIST = "/desk/notices/"
PAGES = ("", "edit/", "publish/", "withdraw/", "pin/", "unpin/", "attach/", "files/<int:file_pk>/remove/")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def home():
    return make_town()


@pytest.fixture
def by():
    return User.objects.create_user("by", name="小陈")


def draft(home, by, **fields):
    notice = Notice(**{"title": "停水通知", "body": "星期三停水。", "source": "示例社区", "home": home} | fields)
    return notices.write(notice, by=by)


def published(home, by, **fields):
    return notices.publish(draft(home, by, **fields), by=by)


# --- the verbs
def test_a_notice_belongs_where_its_home_is(home, by):
    notice = draft(home, by)
    assert (notice.status, notice.division, notice.created_by) == ("draft", home.division, by)


@pytest.mark.parametrize("event", ["publish", "withdraw", "pin", "unpin"])
@pytest.mark.parametrize("status", Notice.Status.values)
def test_a_step_is_taken_where_the_table_says_so_and_nowhere_else(home, by, event, status):
    notice = draft(home, by)
    if status != "draft":
        notice = notices.publish(notice, by=by)
    if status == "withdrawn":
        notice = notices.withdraw(notice, by=by, reason="写错了")
    Event.objects.all().delete()
    given = {"reason": "写错了"} if event == "withdraw" else {}
    if (event == "publish") == (status == "draft") and status != "withdrawn":
        getattr(notices, event)(notice, by=by, **given)
        assert notice.history.first().history_user == by
    else:
        with pytest.raises(IllegalTransition):
            getattr(notices, event)(notice, by=by, **given)
        assert not Event.objects.exists()


def test_published_at_a_moment_it_is_public_from_then_on(home, by):
    at = timezone.now() + timedelta(days=2)
    notice = notices.publish(draft(home, by), by=by, at=at)
    assert not Notice.objects.public().filter(pk=notice.pk).exists()
    assert Notice.objects.current(at + timedelta(minutes=1)).get() == notice


def test_it_is_gone_from_the_list_after_its_day(home, by):
    notice = published(home, by, expires_on=timezone.localdate())
    assert Notice.objects.current().get() == notice
    assert not Notice.objects.current(timezone.now() + timedelta(days=1)).exists()
    assert Notice.objects.public(timezone.now() + timedelta(days=1)).get() == notice


def test_it_cannot_be_over_before_it_is_published(home, by):
    notice = draft(home, by, expires_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(IllegalTransition, match="不能早于"):
        notices.publish(notice, by=by, at=timezone.now() + timedelta(days=3))
    notice = notices.publish(notice, by=by)
    notice.expires_on = timezone.localdate() - timedelta(days=1)
    with pytest.raises(IllegalTransition, match="不能早于"):
        notices.write(notice, by=by)


def test_withdrawing_wants_a_reason_and_takes_it_from_the_top(home, by):
    notice = notices.pin(published(home, by), by=by)
    with pytest.raises(IllegalTransition, match="原因"):
        notices.withdraw(notice, by=by, reason=" ")
    notice = notices.withdraw(notice, by=by, reason="改到下周")
    assert (notice.status, notice.note, notice.pinned) == ("withdrawn", "改到下周", False)
    assert not Notice.objects.current().exists()
    assert Notice.objects.public().get() == notice
    with pytest.raises(IllegalTransition, match="撤回"):
        notices.write(notice, by=by)


def test_at_most_three_are_on_top_of_a_division(home, by):
    first, second, third, fourth = (published(home, by, title=f"通知{number}") for number in range(4))
    for notice in (first, second, third):
        notices.pin(notice, by=by)
    with pytest.raises(IllegalTransition, match="最多置顶3条"):
        notices.pin(fourth, by=by)
    notices.pin(third, by=by)  # is there already
    notices.unpin(second, by=by)
    assert notices.pin(fourth, by=by).pinned


def test_another_division_has_three_of_its_own_and_what_is_over_does_not_count(home, by):
    elsewhere = Division.objects.create(code="990100003000", name="北街街道", level="street", parent=home.division)
    for number in range(3):
        over = published(home, by, title=f"过期{number}", expires_on=timezone.localdate())
        notices.pin(over, by=by)
    other = notices.publish(draft(None, by, division=elsewhere), by=by)
    assert notices.pin(other, by=by).pinned
    Notice.objects.filter(title__startswith="过期").update(
        publish_at=timezone.now() - timedelta(days=9), expires_on=timezone.localdate() - timedelta(days=1)
    )
    for number in range(3):
        notices.pin(published(home, by, title=f"新的{number}"), by=by)
    back = Notice.objects.get(title="过期0")
    back.expires_on = None  # it would come back as a fourth
    with pytest.raises(IllegalTransition, match="最多置顶3条"):
        notices.write(back, by=by)


def test_whoever_changes_it_did_not_write_it(home, by):
    notice = notices.write(draft(home, by), by=User.objects.create_user("another"))
    assert notice.created_by == by


def test_what_is_past_its_day_is_not_put_on_top(home, by):
    notice = published(home, by, expires_on=timezone.localdate())
    Notice.objects.update(
        publish_at=timezone.now() - timedelta(days=9), expires_on=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(IllegalTransition, match="不用置顶"):
        notices.pin(notice, by=by)


def test_writing_changes_no_state(home, by):
    notice = notices.pin(published(home, by), by=by)
    stale = Notice.objects.get(pk=notice.pk)
    stale.status, stale.pinned, stale.publish_at, stale.title = "draft", False, None, "改了标题"
    notices.write(stale, by=by)
    notice.refresh_from_db()
    assert (notice.status, notice.pinned, notice.title) == ("published", True, "改了标题")


@pytest.mark.parametrize("verb", ["write", "publish", "withdraw", "pin"])
def test_a_stale_page_is_refused(home, by, verb):
    notice = draft(home, by) if verb == "publish" else published(home, by)
    seen = notice.version
    notices.write(Notice.objects.get(pk=notice.pk), by=by)
    given = {"reason": "写错了"} if verb == "withdraw" else {}
    with pytest.raises(IllegalTransition, match="刚刚有人改过"):
        getattr(notices, verb)(notice, by=by, version=seen, **given)


# --- what goes with it
def office(part="word/document.xml", types=b"<Types/>", **more):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, b"<document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def picture(kind):
    buffer = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (60, 40), "red").save(buffer, kind, exif=exif)
    return buffer.getvalue()


def upload(content, name="通知.pdf"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (office(), "docx"), (office("xl/workbook.xml"), "xlsx"), (picture("JPEG"), "webp"),
     (picture("PNG"), "webp"), (picture("WEBP"), "webp")],
)  # fmt: skip
def test_a_file_is_taken_for_what_it_holds(content, kind):
    file, found = attachments.checked(upload(content, "../../etc/坏.exe"))
    assert found == kind
    stem, _, ending = file.name.partition(".")
    assert (len(stem), ending) == (32, kind)
    assert int(stem, 16)
    assert (file.read() == content) is (kind != "webp")


def test_a_picture_is_encoded_anew():
    assert b"secret place" in picture("JPEG")
    assert b"secret place" not in attachments.checked(upload(picture("JPEG")))[0].read()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ" + b"\0" * 100, "wrong"),
        (b"<html><script>alert(1)</script></html>", "wrong"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "wrong"),
        (b"%PDF-1.7\nhalf of it", "broken"),
        (PDF.replace(b"<<>>", b"<</S /JavaScript /JS (x)>>"), "active"),
        (PDF.replace(b"<<>>", b"<</S /Launch>>"), "active"),
        (PDF.replace(b"<<>>", b"<</JS (x)>>"), "active"),
        (PDF.replace(b"<<>>", b"<</JS(x)>>"), "active"),
        (PDF.replace(b"<<>>", b"<</Type /EmbeddedFile>>"), "active"),
        (b"PK\x03\x04 no archive", "broken"),
        (office()[:-30], "broken"),
        (office("other.txt"), "wrong"),
        (office(word__vbaProject="x"), "active"),
        (office(types=b"application/vnd.ms-word.document.macroEnabled.main+xml"), "active"),
        (office(**{"word__embeddings__a.bin": "x"}), "active"),
        (office(**{"word__activeX__activeX1.xml": "x"}), "active"),
        (office(xl__workbook="x"), None),
        (b"\xff\xd8\xff\xe0 no picture", "broken"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not_a_photo"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(content, code):
    if code is None:
        assert attachments.checked(upload(content))[1] == "docx"
        return
    with pytest.raises(ValidationError) as refusal:
        attachments.checked(upload(content))
    assert refusal.value.code == code


def test_a_file_too_heavy_or_swollen_is_refused(monkeypatch):
    with pytest.raises(ValidationError) as refusal:
        attachments.checked(upload(PDF + b"\0" * attachments.MOST_BYTES))
    assert refusal.value.code == "heavy"
    monkeypatch.setattr(attachments, "UNPACKED_MOST", 1000)
    with pytest.raises(ValidationError) as refusal:
        attachments.checked(upload(office(word__big="0" * 5000)))
    assert refusal.value.code == "heavy"
    monkeypatch.setattr(attachments, "PARTS_MOST", 2)
    with pytest.raises(ValidationError) as refusal:
        attachments.checked(upload(office(word__more="0")))
    assert refusal.value.code == "heavy"


def test_a_file_spoilt_on_the_way_is_refused():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"<document/>")
    assert attachments.checked(upload(buffer.getvalue()))[1] == "docx"
    with pytest.raises(ValidationError) as refusal:
        attachments.checked(upload(buffer.getvalue().replace(b"<document/>", b"<dokument/>")))
    assert refusal.value.code == "broken"


def test_a_file_is_kept_under_a_drawn_name_and_goes_from_the_disk(home, by, django_capture_on_commit_callbacks):
    notice = draft(home, by)
    row = notices.attach(notice, upload(PDF, "<b>坏</b>.pdf"), title="用水安排", by=by)
    assert row.file.name.startswith("notices/")
    assert "坏" not in row.file.name
    assert (row.kind, row.size) == ("pdf", len(PDF))
    with default_storage.open(row.file.name) as kept:
        assert kept.read() == PDF
    with django_capture_on_commit_callbacks(execute=True):
        notices.detach(row, by=by)
    assert not default_storage.exists(row.file.name)
    assert not NoticeFile.objects.exists()
    notices.detach(row, by=by)  # somebody was quicker


def test_files_have_a_limit_and_a_withdrawn_notice_takes_none(home, by, monkeypatch):
    notice = published(home, by)
    monkeypatch.setattr(notices, "FILES_MOST", 1)
    notices.attach(notice, upload(PDF), title="一", by=by)
    with pytest.raises(IllegalTransition, match="最多"):
        notices.attach(notice, upload(PDF), title="二", by=by)
    notices.withdraw(notice, by=by, reason="写错了")
    with pytest.raises(IllegalTransition, match="撤回"):
        notices.attach(notice, upload(PDF), title="三", by=by)


# --- at once
@pytest.mark.django_db(transaction=True)
def test_six_pinned_at_once_leave_three_on_top():
    home = make_town()
    by = User.objects.create_user("by", name="小陈")
    rows = [published(home, by, title=f"通知{number}") for number in range(6)]

    answers = together(*(lambda row=row: notices.pin(row, by=by).pinned for row in rows))
    assert sorted(answer is True for answer in answers) == [False] * 3 + [True] * 3
    assert Notice.objects.filter(pinned=True).count() == 3


# --- the pages
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
