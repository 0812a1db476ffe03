"""A district in which something of every sort waits in every area, to be looked at by sweeps."""

from datetime import timedelta

from django.utils import timezone

from activities.models import Activity, Message, Notice
from branches.models import CentreHousehold, ExportRequest
from homes.models import Demonstration, Grant, Home, HomeApplication, ObservationVisit, OpeningHours
from tests.cast import AREAS, ask_for_exports, make_deliveries, make_order
from tests.makers import make_activity_of, make_application, make_letter, make_project
from volunteers import dispatching
from volunteers.models import Letter, Office, ServiceOrder, Team


def copy_of(request):
    """The key of one more request for the same."""
    request.pk = None
    request.save()
    return request.pk


def for_applications(cast, today):
    """Of each sort of application that waits, one in each area."""
    officers = (cast.officer, cast.next_door_officer, cast.elsewhere_officer)
    sorts = (
        {"due_on": today - timedelta(days=1)}, {}, {"status": "draft"}, {"status": "returned"},
        {"status": "street_ok"}, {"status": "public_notice", "notice_until": today - timedelta(days=1)},
    )  # fmt: skip
    for area, officer in zip(AREAS, officers, strict=True):
        for number, fields in enumerate(sorts):
            kept = make_application(cast.communities[area], f"第{number}份", by=officer)
            HomeApplication.objects.filter(pk=kept.pk).update(**fields)


def for_homes(cast, today):
    """Money that waits and money that does not, what the district thinks of its homes, and who came to look."""
    for home in cast.homes.values():
        Grant.objects.create(home=home, year=today.year, purpose="桌椅", planned=1000, planned_by=cast.technician)
        Grant.objects.create(
            home=home, year=today.year - 1, purpose="门口的坡道", planned=900, approved=900, status="approved",
            approved_on=today - timedelta(days=40),
        )  # fmt: skip
        Demonstration.objects.create(home=home, nominated_on=today)
        long_ago = {"home": home, "granted_on": today - timedelta(days=300)}
        Demonstration.objects.create(valid_until=today + timedelta(days=9), **long_ago)
        Demonstration.objects.create(**long_ago)
        for words in ("", "回去也办一个"):
            ObservationVisit.objects.create(
                home=home, on=today, guests="示例街道", secretaries=3, shown="书房", takeaways=words
            )


def for_projects(cast, today):
    """What neighbours build that has come to a stop."""
    over = today - timedelta(days=1)
    for number, state in enumerate(
        ({"status": "consulting", "consult_until": over}, {"cancel_asked_by": cast.officer}, {})
    ):
        project = make_project(cast.homes["here"], f"第{number}项", f"stopped-{number}", **state)
    project.milestones.update(planned_on=over)
    project.updates.update(on=today - timedelta(days=90))


def make_busy(cast):
    """Something of every sort waits in every area."""
    today, now = timezone.localdate(), timezone.now()
    ask_for_exports(cast)
    make_deliveries(cast)
    CentreHousehold.objects.update(consent_on=None)
    office = Office.objects.first()
    kind = cast.teams["here"].kind
    Team.objects.create(name="满员队", slug="full", home=cast.homes["here"], kind=kind, takes_people=False)
    for area in AREAS:
        home = cast.homes[area]
        for number, status in enumerate((Letter.Status.RECEIVED, Letter.Status.ACCEPTED, Letter.Status.DRAFTED)):
            make_letter(home, f"第{number}封", status=status, office=office)
            make_letter(home, f"过期第{number}封", status=status, office=office, due_on=today - timedelta(days=3))
        make_activity_of(home, "等人看的", status="pending")
        make_activity_of(home, "该写回顾的", status="finished", starts_in=timedelta(days=-5))
        make_activity_of(home, "忘了发的", status="draft", starts_in=timedelta(days=-2))
        Notice.objects.create(
            title="快到期", body="停水", source="社区", home=home, division=home.division, status="published",
            publish_at=now - timedelta(days=3), expires_on=today + timedelta(days=2),
        )  # fmt: skip
        Notice.objects.create(title="还没写完", body="停电", source="社区", home=home, division=home.division)
        consented = {"status": "answered", "answered_at": now, "office": office, "consented_on": today}
        make_letter(home, "同意公开的", publication="consented", **consented)
        make_letter(home, "脱敏好的", publication="redacted", **consented)
        make_project(home, "等结果", f"{home.slug}-asked", status="consulting", consult_until=today - timedelta(days=1))
        quiet = make_project(home, "慢慢来", f"{home.slug}-quiet", cancel_asked_by=cast.secretary)
        quiet.updates.update(on=today - timedelta(days=40))
        quiet.milestones.update(planned_on=today - timedelta(days=2))
    Letter.objects.filter(status="drafted", home=cast.homes["here"]).update(drafted_by=cast.officer)
    for kind in (Message.Kind.CANCELLED, Message.Kind.REMINDER):
        Message.objects.create(
            sign_up=cast.bookings["here"].sign_ups.first(), kind=kind, words="请来", channel="telephone"
        )
    decided = {"decided_by": cast.technician, "decided_at": now}
    asked = ExportRequest.objects.get(asked_by=cast.officer)
    again = [copy_of(asked) for _ in range(2)]
    ExportRequest.objects.filter(pk=again[0]).update(status="approved", expires_at=now + timedelta(hours=1), **decided)
    ExportRequest.objects.filter(pk=again[1]).update(status="declined", answer="人太多", **decided)
    for_homes(cast, today)
    for_applications(cast, today)
    for_projects(cast, today)
    OpeningHours.objects.filter(home=cast.homes["here"]).delete()
    Home.objects.filter(pk=cast.homes["here"].pk).update(longitude=None, latitude=None, location_precision="")
    late = ServiceOrder.objects.filter(pk=cast.orders["here"].pk)
    dispatching.offer(
        cast.orders["here"], cast.volunteers["here"], visit_at=now + timedelta(days=3), by=None, override="会修"
    )
    late.update(accept_by=today - timedelta(days=2), done_by=today - timedelta(days=1), attempts=3)
    ServiceOrder.objects.filter(pk=cast.orders["elsewhere"].pk).update(branch=None)
    for status in ({"status": "done", "done_at": now}, {}):
        make_order(cast, "here")
        ServiceOrder.objects.filter(pk=cast.orders["here"].pk).update(**{"version": 1} | status)
    Activity.objects.filter(pk=cast.activities["here"].pk).update(starts_at=now - timedelta(hours=2), ends_at=now)
