"""Notices: their verbs, at most three on top, attachments by what they hold."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from activities import notices
from activities.models import Notice, NoticeFile
from branches.models import Division, Event, User
from branches.transitions import IllegalTransition
from homes import documents
from tests.activities.notices import PDF, draft, office, published, upload
from tests.activities.town import make_town
from tests.at_once import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return User.objects.create_user("by", name="小陈")


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
def picture(kind):
    buffer = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (60, 40), "red").save(buffer, kind, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (office(), "docx"), (office("xl/workbook.xml"), "xlsx"), (picture("JPEG"), "webp"),
     (picture("PNG"), "webp"), (picture("WEBP"), "webp")],
)  # fmt: skip
def test_a_file_is_taken_for_what_it_holds(content, kind):
    file, found = documents.checked(upload(content, "../../etc/坏.exe"))
    assert found == kind
    stem, _, ending = file.name.partition(".")
    assert (len(stem), ending) == (32, kind)
    assert int(stem, 16)
    assert (file.read() == content) is (kind != "webp")


def test_a_picture_is_encoded_anew():
    assert b"secret place" in picture("JPEG")
    assert b"secret place" not in documents.checked(upload(picture("JPEG")))[0].read()


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
        assert documents.checked(upload(content))[1] == "docx"
        return
    with pytest.raises(ValidationError) as refusal:
        documents.checked(upload(content))
    assert refusal.value.code == code


def test_a_file_too_heavy_or_swollen_is_refused(monkeypatch):
    with pytest.raises(ValidationError) as refusal:
        documents.checked(upload(PDF + b"\0" * documents.MOST_BYTES))
    assert refusal.value.code == "heavy"
    monkeypatch.setattr(documents, "UNPACKED_MOST", 1000)
    with pytest.raises(ValidationError) as refusal:
        documents.checked(upload(office(word__big="0" * 5000)))
    assert refusal.value.code == "heavy"
    monkeypatch.setattr(documents, "PARTS_MOST", 2)
    with pytest.raises(ValidationError) as refusal:
        documents.checked(upload(office(word__more="0")))
    assert refusal.value.code == "heavy"


def test_a_file_spoilt_on_the_way_is_refused():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"<document/>")
    assert documents.checked(upload(buffer.getvalue()))[1] == "docx"
    with pytest.raises(ValidationError) as refusal:
        documents.checked(upload(buffer.getvalue().replace(b"<document/>", b"<dokument/>")))
    assert refusal.value.code == "broken"
    for packing, spoilt in ((zipfile.ZIP_DEFLATED, b"\xff" * 6), (zipfile.ZIP_LZMA, b"\xff" * 9)):
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", packing) as archive:
            archive.writestr("[Content_Types].xml", b"<Types/>" * 50)
            archive.writestr("word/document.xml", b"<document/>" * 50)
        content = packed.getvalue()
        place = content.index(b"word/document.xml") + len("word/document.xml")
        with pytest.raises(ValidationError) as refusal:
            documents.checked(upload(content[:place] + spoilt + content[place + len(spoilt) :]))
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
