"""What is told of an activity that is over, and its photographs: once it is over, and only those that are shown."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from activities import recaps, signup
from activities.models import Activity, Recap, SignUp
from branches.transitions import IllegalTransition
from homes.models import Photo
from homes.photos import renditions
from tests.activities.town import make_activity
from tests.makers import make_photo, make_recap


@pytest.fixture
def over(cast):
    """An activity here that was yesterday: one came, one did not, one just came in."""
    activity = make_activity(cast.homes["here"], starts_in=timedelta(days=2))
    signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    activity.sign_ups.filter(name="甲").update(status="attended")
    activity.sign_ups.filter(name="乙").update(status="absent")
    SignUp.objects.create(activity=activity, name="丙", walk_in=True, status="attended")
    starts_at = activity.starts_at - timedelta(days=3)
    changed = {"status": "finished", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    Activity.objects.filter(pk=activity.pk).update(**changed)
    activity.refresh_from_db()
    return activity


def picture(cast, name="上传.jpg"):
    """An upload: the bytes of some photograph."""
    with make_photo(cast.homes["here"]).large.open() as file:
        return ContentFile(file.read(), name=name)


def pictures(cast):
    """The two sizes as homes/photos.py makes them."""
    return dict(zip(("large", "small"), renditions(picture(cast)), strict=True))


def page_of(activity):
    return f"/desk/activities/{activity.pk}/recap/"


def test_how_many_came_is_counted_and_others_are_added(over, cast):
    assert recaps.write(over, words="很热闹", others=5, by=cast.organiser).head_count == 7


def test_written_twice_it_is_one(over, cast):
    recaps.write(over, words="很热闹", by=cast.organiser)
    recaps.write(over, words=" 非常热闹 ", others=2, by=cast.officer)
    recap = Recap.objects.get()
    assert (recap.words, recap.others, recap.created_by) == ("非常热闹", 2, cast.organiser)
    assert recap.history.count() == 2


@pytest.mark.parametrize("status", ["draft", "pending", "published", "cancelled"])
def test_only_of_what_is_over(over, cast, status):
    Activity.objects.filter(pk=over.pk).update(status=status, note="原因")
    with pytest.raises(IllegalTransition, match="结束以后"):
        recaps.write(over, words="很热闹", by=cast.organiser)


def test_so_many_photographs_and_each_with_words(over, cast, monkeypatch):
    monkeypatch.setattr(recaps, "PHOTOS_MOST", 1)
    recap = recaps.write(over, words="很热闹", by=cast.organiser)
    with pytest.raises(IllegalTransition, match="照片里有什么"):
        recaps.add_photo(recap, large=None, small=None, alt=" ", by=cast.organiser)
    photo = recaps.add_photo(recap, **pictures(cast), alt="合影", by=cast.organiser)
    with pytest.raises(IllegalTransition, match="最多放1张"):
        recaps.add_photo(recap, **pictures(cast), alt="合影", by=cast.organiser)
    recaps.put_away(photo, by=cast.organiser)
    recaps.add_photo(recap, **pictures(cast), alt="合影", by=cast.organiser)
    assert recap.photos.shown().count() == 1


# --- pages
def test_words_and_photographs_are_sent_together_and_everybody_sees_them(over, cast, client_of):
    organiser = client_of(cast.organiser)
    sent = {"words": "大家写了对联", "others": "3", "photo_1": picture(cast), "alt_1": "围着桌子写字", "consent": "on"}
    assert organiser.post(page_of(over), sent).status_code == 302
    page = client_of(None).get(over.get_absolute_url()).text
    assert "大家写了对联" in page
    assert '来了<b class="number">5</b>位' in page
    photo = Recap.objects.get().photos.get()
    assert photo.large.name.startswith("recaps/")
    assert "上传" not in photo.large.name
    assert 'alt="围着桌子写字"' in page
    for file in (photo.large, photo.small):
        answer = client_of(None).get(file.url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": " "}, "请写几句"),
        ({"words": "长" * 2001}, "2000个字以内"),
        ({"others": "-1"}, "请写一个数"),
        ({"others": "很多"}, "请写一个数"),
        ({"alt_1": ""}, "请写照片里有什么"),
        ({"consent": ""}, "先问过照片里的人"),
        ({"photo_1": ContentFile(b"<svg></svg>", name="x.jpg")}, "SVG"),
        ({"photo_1": ContentFile(b"no picture", name="x.jpg")}, "不是照片"),
    ],
)
def test_a_wrong_form_comes_back_with_all_that_was_typed(over, cast, client_of, wrong, said):
    sent = {"words": "记着这一句", "others": "4", "photo_1": picture(cast), "alt_1": "桌子", "consent": "on"} | wrong
    answer = client_of(cast.organiser).post(page_of(over), sent)
    assert (answer.status_code, Recap.objects.count()) == (200, 0)
    assert said in answer.text
    assert sent["words"].strip()[:5] in answer.text
    assert sent["others"] in answer.text


def test_before_it_is_over_nothing_is_written(cast, client_of):
    page = page_of(cast.activities["here"])
    assert "活动结束以后" in client_of(cast.organiser).get(page).text
    answer = client_of(cast.organiser).post(page, {"words": "很热闹", "others": "0"})
    assert (answer.status_code, Recap.objects.count()) == (409, 0)


def test_what_is_put_away_is_for_staff_alone(over, cast, client_of):
    recap = recaps.write(over, words="很热闹", by=cast.organiser)
    photo = recaps.add_photo(recap, **pictures(cast), alt="合影", by=cast.organiser)
    page = f"{page_of(over)}{photo.pk}/put-away/"
    organiser = client_of(cast.organiser)
    assert organiser.get(page).status_code == 200
    assert organiser.get(photo.large.url)["Cache-Control"] == "public, max-age=3600"  # reading changed nothing
    assert client_of(cast.next_door_officer).post(page).status_code == 404
    assert organiser.post(page).status_code == 302
    seen = {}
    for person in ("visitor", "organiser", "officer", "next_door_officer", "auditor"):
        answer = client_of(cast.people[person]).get(photo.large.url)
        seen[person] = (
            answer.status_code,
            answer.get("Cache-Control", "").replace(" ", "") if answer.status_code == 200 else "",
        )
    hidden = (404, "")
    shown = (200, "private,no-store")
    assert seen == {
        "visitor": hidden,
        "organiser": shown,
        "officer": shown,
        "next_door_officer": hidden,
        "auditor": hidden,
    }
    assert "合影" not in client_of(None).get(over.get_absolute_url()).text


def test_a_photograph_of_another_activity_is_not_met_under_ones_own(over, cast, client_of):
    foreign = make_recap(cast.homes["elsewhere"], "别处的")
    address = f"{page_of(over)}{foreign.pk}/put-away/"
    organiser = client_of(cast.organiser)
    assert (organiser.get(address).status_code, organiser.post(address).status_code) == (404, 404)
    foreign.refresh_from_db()
    assert not foreign.is_archived


def test_one_photograph_too_many_and_the_words_stay_as_they_were(over, cast, client_of, monkeypatch):
    recaps.write(over, words="很热闹", by=cast.organiser)
    monkeypatch.setattr(recaps, "PHOTOS_MOST", 0)
    sent = {"words": "改了几句", "others": "3", "photo_1": picture(cast), "alt_1": "合影", "consent": "on"}
    answer = client_of(cast.organiser).post(page_of(over), sent)
    assert (answer.status_code, "最多放0张" in answer.text, "改了几句" in answer.text) == (409, True, True)
    assert Recap.objects.get().words == "很热闹"


def test_what_is_put_away_is_gone_from_the_desk(over, cast, client_of):
    recap = recaps.write(over, words="很热闹", by=cast.organiser)
    photo = recaps.add_photo(recap, **pictures(cast), alt="合影", by=cast.organiser)
    organiser = client_of(cast.organiser)
    assert "合影" in organiser.get(page_of(over)).text
    recaps.put_away(photo, by=cast.organiser)
    assert "合影" not in organiser.get(page_of(over)).text


def test_photographs_of_what_is_called_off_after_all_are_hidden(over, cast, client_of):
    recap = recaps.write(over, words="很热闹", by=cast.organiser)
    photo = recaps.add_photo(recap, **pictures(cast), alt="合影", by=cast.organiser)
    Activity.objects.filter(pk=over.pk).update(status="cancelled", note="原因")
    assert client_of(None).get(photo.large.url).status_code == 404


@pytest.mark.parametrize("name", ["x", "a" * 300, "..%2fsecret", "%00"])
def test_no_other_file_is_served(cast, client, name):
    assert client.get(f"/media/recaps/{name}.webp").status_code in (400, 404)


def test_a_photograph_of_a_home_is_none_of_a_recap(cast, client):
    photo = make_photo(cast.homes["here"])
    assert Photo.objects.filter(pk=photo.pk).exists()
    assert client.get(photo.large.url.replace("photos", "recaps")).status_code == 404


def test_who_has_not_told_yet_is_reminded_after_three_days(over, cast):
    assert not Activity.objects.without_recap().filter(pk=over.pk).exists()
    late = over.ends_at + timedelta(days=3)
    assert Activity.objects.without_recap(late).filter(pk=over.pk).exists()
    recaps.write(over, words="很热闹", by=cast.organiser)
    assert not Activity.objects.without_recap(late).filter(pk=over.pk).exists()
