"""The pages of an application: from a draft through a return and the notice to a home; whose they are; files."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from branches import privacy
from branches.models import Event
from config import caching
from homes import applying
from homes.models import ApplicationDocument, Home, HomeApplication, Inspection, InspectionPhoto, Standard
from tests.activities.desk import errors, send, typed
from tests.activities.filling_in import filled, text
from tests.cast import CANARIES
from tests.homes.applying import WORDS
from tests.makers import photo_files
from volunteers import mailbox
from volunteers.models import Letter

pytestmark = pytest.mark.django_db
DESK = "/desk/applications/"
PDF = b"%PDF-1.4\n%%EOF\n"


def page(application, tail=""):
    return f"{DESK}{application.pk}/{tail}"


def buttons(client, application):
    """The steps that the page offers, by the ends of their addresses."""
    found = re.findall(
        rf'class="govuk-button[^"]*" href="{page(application)}([a-z-]+)/"', text(client.get(page(application)))
    )
    return set(found)


def upload(client, application, name="证明.pdf", content=PDF, **given):
    address = page(application, "documents/add/")
    data = typed(client.get(address), **given) | {"file": SimpleUploadedFile(name, content)}
    return client.post(address, data)


def new_application(cast, client, **given):
    filled = {"name": "金丝雀老党员之家", "address": "东街8号", "division": cast.communities["here"].pk} | WORDS | given
    answer = client.post(f"{DESK}new/", typed(client.get(f"{DESK}new/"), **filled))
    assert answer.status_code == 302, errors(answer)
    return HomeApplication.objects.get(name=filled["name"])


def complete(client, application):
    for condition in ApplicationDocument.REQUIRED:
        assert upload(client, application, condition=condition, title="证明").status_code == 302


def test_from_a_draft_through_a_return_and_the_notice_to_a_home(cast, client_of, client):
    people = (cast.officer, cast.street_officer, cast.district_officer, cast.leader)
    with time_machine.travel("2026-09-21T10:00:00+08:00", tick=False) as clock:
        officer, street, district, leader = map(client_of, people)

        def later(days):
            clock.shift(days * 86400)
            for browser, person in zip((officer, street, district, leader), people, strict=True):
                browser.force_login(person)

        # a draft: a name is enough, what is missing is said, nobody above reads it
        answer = send(officer, f"{DESK}new/", name=" ", plan_words="天天开门")
        assert errors(answer) == {"name": "请写打算叫什么。"}
        application = new_application(cast, officer, area="", longitude="112.99", latitude="28.11", datum="WGS-84")
        assert application.longitude is not None
        assert "还缺这些" in text(officer.get(page(application)))
        assert street.get(page(application)).status_code == 404
        assert errors(send(officer, page(application, "submit/")))["__all__"].startswith("还缺：面积")
        send(officer, page(application, "edit/"), area="60")
        complete(officer, application)
        assert buttons(officer, application) == {"submit", "edit", "withdraw"}
        assert send(officer, page(application, "submit/")).status_code == 302

        # the street: goes to look, sends it back field by field; a stale page is told so and keeps what was typed
        assert buttons(street, application) == {"visit", "return", "reject"}
        assert buttons(officer, application) == {"withdraw"}
        stale = typed(street.get(page(application, "return/")), reason="面积不清楚", of_area="量一量再写")
        assert errors(send(street, page(application, "return/"), reason="不清楚")) == {
            "of_name": "至少写一处：哪里要补正，差在哪里。"
        }
        assert send(street, page(application, "return/"), reason="看不懂", of_area="量一量<b>").status_code == 302
        answer = street.post(page(application, "return/"), stale)
        assert (answer.status_code, "面积不清楚" in text(answer)) == (409, True)
        shown = text(officer.get(page(application)))  # H-I3
        assert "看不懂" in shown
        assert "量一量&lt;b&gt;" in shown
        form = text(officer.get(page(application, "edit/")))
        assert '<b class="put-right">要补正：量一量&lt;b&gt;</b>' in form
        assert street.get(page(application, "edit/")).status_code == 404
        later(1)
        send(officer, page(application, "edit/"), area="75")
        assert send(officer, page(application, "submit/")).status_code == 302

        # the visit, then on to the district
        standard = Standard.objects.get()
        results = {f"result_{standard.pk}": "partly", "words": "去看过"}
        answer = send(street, page(application, "visit/"), **results)
        assert errors(answer) == {f"note_{standard.pk}": "“有座位”没有全部达标，请写一句差在哪里。"}
        assert (
            send(street, page(application, "visit/"), **results | {f"note_{standard.pk}": "少两把"}).status_code == 302
        )
        assert buttons(street, application) == {"visit", "street-pass", "return", "reject"}
        assert send(street, page(application, "street-pass/")).status_code == 302
        assert client.get("/applications/").status_code == 200
        number = HomeApplication.objects.get(pk=application.pk).number
        assert client.get(f"/applications/{number}/").status_code == 404

        # the notice, seen first as everybody will see it
        address = page(application, "start-notice/")
        answer = send(district, address, words="找金丝雀小陈，13812345678")
        assert "申报人的名字" in errors(answer)["words"]
        answer = send(district, address, words="两间屋，天天开门。")
        assert "公示出来是这样" in text(answer)
        assert district.post(address, typed(answer, words="换了一句")).status_code == 200  # seen were other words
        assert district.post(address, typed(answer)).status_code == 302
        shown = text(client.get(f"/applications/{number}/"))
        assert "两间屋，天天开门。" in shown
        assert f"/letters/write/?application={number}" in shown
        assert [word for word in ("党员21人", "金丝雀小陈", "看不懂") if word in shown] == []

        # an objection by letter stands in the way until it is answered
        letter = mailbox.send(
            subject="吵", body="太吵。", name="张三", telephone="19900001111", division=cast.district,
            application=HomeApplication.objects.get(pk=application.pk),
        )  # fmt: skip
        later(10)
        assert buttons(leader, application) == {"reject", "correct"}
        assert '还有<b class="number">1</b>封' in text(leader.get(page(application)))
        assert f"/desk/letters/{letter.pk}/" in text(leader.get(page(application)))
        assert f"/desk/letters/{letter.pk}/" not in text(
            officer.get(page(application))
        )  # the district's clerks read it
        answer = send(leader, page(application, "approve/"), slug="new-home", ceiling="30000")
        assert (answer.status_code, "还有1封" in errors(answer)["__all__"]) == (409, True)
        other = mailbox.send(subject="也吵", body="吵。", name="李四", telephone="19900001112", division=cast.district)
        mailbox.merge(letter, by=cast.leader, into=other)
        assert "approve" not in buttons(leader, application)  # it waits with the one it went into
        mailbox.decline(other, by=cast.leader, reason="outside", words="请找社区")
        assert buttons(district, application) == {"correct"}  # the other of the district decides
        assert "approve" in buttons(leader, application)
        assert errors(send(leader, page(application, "approve/"), slug="here", ceiling="")) == {
            "slug": "已经有一个家用了这个网址代号，请换一个。"
        }
        assert send(leader, page(application, "approve/"), slug="new-home", ceiling="30000").status_code == 302
    home = Home.objects.get(slug="new-home")
    assert (home.status, home.application, home.inspections.count()) == ("preparing", application, 1)
    assert client.get(f"/applications/{number}/").status_code == 404
    assert "少两把" in text(client_of(cast.street_officer).get(f"/desk/inspections/{home.inspections.get().pk}/"))


def test_everybody_reads_those_in_notice_alone(cast, client):  # H-I5
    application = cast.applications["here"]
    address, shown = application.get_absolute_url(), {}
    for status in HomeApplication.Status:
        home = cast.drafts["here"] if status == "approved" else None
        HomeApplication.objects.filter(pk=application.pk).update(status=status, home=home)
        caching.content.renew()  # rows written in bulk announce nothing
        lists = [address in text(client.get(where)) for where in ("/applications/", "/sitemap-applications.xml")]
        shown[status] = [client.get(address).status_code == 200, *lists]
    assert shown == {status: [status == "public_notice"] * 3 for status in HomeApplication.Status}


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_gone_with_the_step_that_ends_it(cast, client):
    application = cast.applications["here"]
    assert client.get(application.get_absolute_url()).status_code == 200
    applying.reject(application, by=cast.leader, category="objection", reason="查实了")
    assert client.get(application.get_absolute_url()).status_code == 404
    assert application.name not in text(client.get("/applications/"))


# --- whose
def test_each_meets_what_is_theirs_and_files_are_no_neighbours(cast, client_of, client):
    photo = InspectionPhoto.objects.filter(inspection=cast.inspections["here"]).get()
    document = cast.applications["here"].documents.first()
    file, picture = f"{DESK}documents/{document.pk}/", f"/desk/inspections/photos/{photo.pk}/"
    visit, kept = f"/desk/inspections/{photo.inspection_id}/", "/desk/homes/here/inspections/"
    for address in (DESK, page(cast.applications["here"]), file, picture, visit, kept, "/desk/homes/here/inspect/"):
        assert client.get(address)["Location"].startswith("/account/login/")
    pages = [page(cast.applications["here"]), file, picture, visit, f"{visit}paper/", kept]
    answers = {}
    for person in ("officer", "street_officer", "leader", "next_door_officer", "elsewhere_officer", "secretary"):
        reader = client_of(cast.people.get(person, cast.leader))
        answers[person] = {reader.get(address).status_code for address in pages}
        shown = "".join(text(reader.get(f"{DESK}{show}")) for show in ("", "?show=live", "?show=over", "?part=review"))
        shown += text(reader.get("/desk/inspections/"))
        own = {"leader": set(CANARIES)}.get(person) or cast.areas_of(person)
        foreign = [canary for area, canary in CANARIES.items() if area not in own]
        assert (person, [canary for canary in foreign if canary in shown]) == (person, [])
    near, far = {"officer", "street_officer", "leader"}, {"next_door_officer", "elsewhere_officer", "secretary"}
    assert {person for person in answers if answers[person] == {200}} == near
    assert {person for person in answers if answers[person] == {404}} == far
    assert {client_of(cast.auditor).get(address).status_code for address in pages} == {403}
    assert client_of(cast.officer).get("/desk/homes/here/inspect/").status_code == 403
    answer = client_of(cast.officer).get(file)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


STEPS = (
    "edit", "submit", "withdraw", "return", "street-pass", "start-notice", "approve", "reject", "correct", "visit",
    "documents/add",
)  # fmt: skip


def test_what_is_not_ones_step_is_refused_and_changes_nothing(cast, client_of):
    application = cast.applications["next_door"]
    before = HomeApplication.objects.filter(pk=application.pk).values().get(), Event.objects.count()
    given = {
        "version": application.version, "reason": "试一试看", "of_area": "量", "words": "好", "slug": "x", "title": "x",
        "ceiling": "1", "category": "place", "name": "换了", "division": application.division_id, "host": "community",
        "condition": "place",
    }  # fmt: skip
    for person, right in ((cast.officer, {403, 404}), (cast.district_officer, {404, 409, 200})):
        reader = client_of(person)
        answers = {step: reader.post(page(application, f"{step}/"), given).status_code for step in STEPS}
        assert {step: status for step, status in answers.items() if status not in right} == {}
    assert (HomeApplication.objects.filter(pk=application.pk).values().get(), Event.objects.count()) == before


# --- files
def test_hostile_files_are_refused_in_words_and_a_good_one_is_exchanged(cast, client_of):
    officer = client_of(cast.officer)
    application = new_application(cast, officer)
    hostile = {
        "x.pdf": b"MZ\x90\x00", "y.pdf": b"%PDF-1.4 /JavaScript (x) %%EOF", "z.html": b"<script>alert(1)</script>",
        "a.svg": b"<svg onload=alert(1)>", "b.docx": b"PK\x03\x04broken", "c.jpg": b"\xff\xd8\xffbroken", "d.pdf": b"",
    }  # fmt: skip
    for name, content in hostile.items():
        answer = upload(officer, application, name, content, condition="place", title="图")
        assert (name, answer.status_code, list(errors(answer))) == (name, 200, ["file"])
    assert not application.documents.exists()
    upload(
        officer, application, "../../etc/图 纸.jpg", photo_files()["large"].read(), condition="place", title='图"\r\n纸'
    )
    document = application.documents.get()
    assert document.file.name.startswith("applications/")
    assert (document.kind, officer.get(f"{DESK}documents/{document.pk}/")["Content-Type"]) == ("webp", "image/webp")
    address = page(application, f"documents/{document.pk}/exchange/")
    data = typed(officer.get(address)) | {"file": SimpleUploadedFile("新.pdf", PDF)}
    assert officer.post(address, data).status_code == 302
    assert officer.post(address, data).status_code == 404  # sent twice
    kept = application.documents.get(is_archived=False)
    assert (kept.kind, kept.condition, application.documents.count()) == ("pdf", "place", 2)
    assert send(officer, page(application, f"documents/{kept.pk}/drop/")).status_code == 302
    assert not application.documents.filter(is_archived=False).exists()


def test_files_of_what_came_to_nothing_go_after_a_year_and_those_of_a_home_stay(cast):
    rejected, approved = cast.applications["next_door"], cast.applications["elsewhere"]
    rejected = applying.reject(rejected, by=cast.street_officer, category="near", reason="隔壁就有")
    HomeApplication.objects.filter(pk=approved.pk).update(status="approved", home=cast.drafts["elsewhere"])
    for days, left in ((360, 3), (370, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            privacy.purge()
        assert rejected.documents.exclude(file="").count() == left
    assert (rejected.documents.count(), approved.documents.exclude(file="").count()) == (3, 3)


def test_what_was_typed_outlives_the_session(cast, client_of):
    officer = client_of(cast.officer)
    form = typed(officer.get(f"{DESK}new/"), name="还没存的家", plan_words="天天开门")
    officer.logout()
    officer.post(f"{DESK}new/", form)
    again = text(client_of(cast.officer).get(f"{DESK}new/"))
    assert "还没存的家" in again
    assert "天天开门" in again


# --- the checklist
def test_an_inspection_of_a_home_names_first_what_has_to_be_met(cast, client_of):
    street = client_of(cast.street_officer)
    Standard.objects.create(section="safety", name="有灭火器", is_required=True)
    Standard.objects.create(section="life", name="有<b>电梯</b>", hint="一层<3米", order=200)
    given = {}
    for standard, result in zip(Standard.objects.in_use(), ("met", "unmet", "not_here"), strict=True):
        given |= {f"result_{standard.pk}": result, f"note_{standard.pk}": "过期了" if result == "unmet" else ""}
    address = "/desk/homes/here/inspect/"
    form = street.get(address)
    assert {each in form.text for each in ("有&lt;b&gt;电梯&lt;/b&gt;", "一层&lt;3米")} == {True}
    assert {each in form.text for each in ("有<b>", "一层<3")} == {False}
    data = typed(form, words="看过", **given)
    answer = street.post(address, data | {"photo_1": SimpleUploadedFile("x.jpg", b"not a photo")})
    assert errors(answer) == {"photo_1": "这个文件不是照片。请上传 JPG、PNG 或 WebP 格式的照片。"}
    picture = SimpleUploadedFile("x.webp", photo_files()["large"].read())
    answer = street.post(address, data | {"photo_1": picture, "alt_1": "灭火器"})
    shown = text(street.get(answer["Location"]))
    assert '达标<b class="number">1/2</b>项' in shown
    assert shown.index("还没有达标的") < shown.index("过期了") < shown.index("有座位")
    assert street.post(address, data).status_code == 409  # sent twice
    inspection = Inspection.objects.order_by("-pk")[0]
    assert street.get(f"/desk/inspections/photos/{inspection.photos.get().pk}/")["Content-Type"] == "image/webp"
    assert "有灭火器" in text(street.get(f"/desk/inspections/{inspection.pk}/paper/"))
    listed = text(client_of(cast.officer).get("/desk/inspections/"))
    assert '达标<span class="number">1/2</span>项' in listed


# --- objections
def test_a_letter_about_a_notice_goes_to_the_district_and_a_forged_number_counts_for_nothing(cast, client_of, client):
    application, other = cast.applications["here"], cast.applications["next_door"]
    form = text(client.get(f"/letters/write/?application={application.number}"))
    assert f'name="application" value="{application.number}"' in form
    assert f"关于公示：{application}" in form
    forged = text(client.get(f"/letters/write/?application={other.number}"))
    assert "关于公示" not in forged
    taken = client_of(cast.officer)
    answer = send(
        taken, "/desk/letters/by-telephone/", name="张三", telephone="19900001111", subject="吵", body="太吵。",
        application=application.pk, consent="on",
    )  # fmt: skip
    assert answer.status_code == 302
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in (application.number, other.number, "2031-0001"):
            data = filled(client, "/letters/write/", clock, subject="吵", body=f"太吵。{number}", contact="19900001111")
            assert client.post("/letters/write/", data | {"application": number, "home": "here"}).status_code == 302
    about = Letter.objects.filter(application=application)
    assert [(letter.division, letter.home) for letter in about] == [(cast.district, None)] * 2
    assert Letter.objects.exclude(application=None).count() == 2
    assert errors(send(taken, "/desk/letters/by-telephone/", application=other.pk))["application"] == (
        "请从名单里选一个正在公示的。"
    )
