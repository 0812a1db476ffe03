"""The desk: what is to be done first, what comes next, and for whom."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import publishing, signup
from activities.models import Activity
from branches.views.desk import SHOWN
from tests.activities.desk import DESK, errors, page, posted, send, typed
from tests.activities.town import make_activity
from tests.makers import make_user

pytestmark = pytest.mark.django_db


def test_what_is_to_be_done_comes_first(cast, organiser, activities, kind):
    home = cast.homes["here"]
    make_activity(home, kind=kind, title="等人看的", status="pending", starts_in=timedelta(days=4))
    for title in ("该写回顾的", "同时结束的"):
        make_activity(home, kind=kind, title=title, status="finished", starts_in=-timedelta(days=5))
    begun = make_activity(home, kind=kind, title="该点名的", starts_in=timedelta(hours=5))
    signup.join(begun, names=["甲"], telephone="19900000001")
    Activity.objects.filter(pk=begun.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2)
    )
    make_activity(home, kind=kind, title="忘了发的", status="draft", starts_in=-timedelta(days=2))
    parts = {part.heading: [row.title for row in rows] for part, rows, _more in organiser.get(DESK).context["to_do"]}
    assert parts == {
        "等审核的": ["等人看的"], "要点名的": ["该点名的"], "还没写回顾的": ["同时结束的", "该写回顾的"],
        "草稿": ["金丝雀未定稿", "金丝雀讲座"], "过了时间还没发布的": ["忘了发的"],
    }  # fmt: skip
    text = organiser.get(DESK).text
    assert text.index("等人看的") < text.index('id="next"')
    assert "该写回顾的" in organiser.get(f"{DESK}?past=1").text


def test_who_is_coming_is_no_work_of_the_street(cast, client_of, activities):
    """The street puts things on; whom to ring and who was there is for those nearer by."""
    activity = activities["published"]["here"]
    signup.join(activity, names=["甲"], telephone="19900000001")
    publishing.cancel(activity, by=cast.officer, reason="老师病了")
    for person, near in ((cast.officer, True), (cast.secretary, True), (cast.street_officer, False)):
        client = client_of(person)
        assert ("要打电话告诉的人" in client.get(DESK).text) is near
        assert (f"{page(activity)}people/" in client.get(page(activity)).text) is near


def test_the_list_asks_as_much_for_thirty_as_for_three(cast, organiser, kind):
    asked = []
    for _ in range(2):
        for number in range(3 if not asked else 27):
            make_activity(cast.homes["here"], kind=kind, starts_in=timedelta(days=2, hours=number))
            make_activity(cast.homes["here"], kind=kind, status="draft", starts_in=timedelta(days=2, hours=number))
        organiser.get(DESK)
        with CaptureQueriesContext(connection) as queries:
            organiser.get(DESK)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] < 20


def test_a_part_that_is_longer_than_what_is_shown_says_so_and_leads_to_the_rest(cast, organiser, kind):
    for number in range(SHOWN):  # and the one of the cast
        make_activity(cast.homes["here"], kind=kind, status="draft", starts_in=timedelta(days=2, hours=number))
    text = organiser.get(DESK).text
    assert f'草稿（<span class="number">{SHOWN}</span>个以上）' in text
    assert 'href="?part=drafts"' in text
    assert f'草稿（<span class="number">{SHOWN + 1}</span>）' in organiser.get(f"{DESK}?part=drafts").text


@pytest.mark.parametrize(
    "question", ["page=%00", "page=-1", "past=%00", "kind=%00", "kind=" + "x" * 500, "page=9" * 99]
)
def test_odd_questions_break_nothing(organiser, question):
    for address in (DESK, f"{DESK}new/"):
        assert organiser.get(f"{address}?{question}").status_code == 200


def test_an_organiser_without_a_home_any_more_posts_nowhere(client_of, kind):
    nobody = make_user("nobody", "organiser")
    answer = send(client_of(nobody), f"{DESK}new/?kind=lecture", title="没有家")
    assert "home" in errors(answer)
    assert not posted().exists()


def test_the_cache_forgets_what_was_sent(cast, organiser):
    address = f"{DESK}new/?kind=lecture"
    sent = typed(organiser.get(address), title="填坏了", capacity="0")
    Session.objects.all().delete()
    organiser.post(address, sent)
    organiser.force_login(cast.organiser)
    assert "至少是1" in errors(organiser.post(address, typed(organiser.get(address))))["capacity"]
    assert organiser.get(address).context["refilled"] is True  # a refused form is still kept
    cache.clear()
    assert organiser.get(address).context["refilled"] is False
