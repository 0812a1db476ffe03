"""The page at the door is one form: whichever button is pressed, what is ticked on it is saved or stays ticked."""

import re
from datetime import timedelta

import pytest

from activities import attendance, deliveries, signup
from activities.models import Activity
from branches.transitions import IllegalTransition
from tests.activities.door import let_begin, names, page
from tests.activities.town import make_activity

TYPED = {"name": "张伟", "telephone": ""}


@pytest.fixture
def activity(activity):
    """The activity here, in which two have a seat: in half an hour."""
    let_begin(30, activity)
    return activity


@pytest.fixture
def rows(activity):
    return list(activity.sign_ups.order_by("pk"))


def ticks(rows, *ticked):
    return {"seen": ",".join(f"{row.pk}-confirmed" for row in rows), "here": [row.pk for row in ticked]}


def ticked(text):
    return [int(pk) for pk in re.findall(r'name="here" value="(\d+)" checked', text)]


def test_everything_that_can_be_pressed_stands_in_one_form(cast, door, activity, rows):
    Activity.objects.filter(pk=activity.pk).update(capacity=2)
    signup.join(activity, names=["李梅"], telephone="19900000001", by=cast.officer)
    main = re.search(r"<main.*</main>", door.get(page("people", activity.pk)).text, re.DOTALL)[0]
    (form,) = re.findall(r"<form.*?</form>", main, re.DOTALL)
    assert 'name="here"' in form
    assert 'name="telephone"' in form
    outside = main.replace(form, "")
    assert "<button" not in outside
    own = f"/desk/activities/{activity.pk}/"
    assert re.findall(r'href="(/desk/[^"]+)"', form) == []  # a link would throw the ticks away
    for tail in (f"people/{rows[0].pk}/leave/", "check-in/", "people/sign-up/", "paper/"):
        assert f'name="then" value="{own}{tail}"' in form
    assert re.search(r"<button[^>]*>(.*?)</button>", form)[1] == "存下来"  # what the Enter key presses


def test_who_just_came_and_the_ticks_are_saved_together(door, activity, rows):
    answer = door.post(page("walk_in", activity.pk), ticks(rows, *rows) | TYPED, follow=True)
    assert "记下了：张伟" in answer.text
    assert "改了2位" in answer.text
    assert names(activity, "attended") == ["张伟", "金丝雀同伴", "金丝雀来宾"]
    assert answer.redirect_chain[0][0].endswith("#walk-in")


def test_the_enter_key_saves_both_too(door, activity, rows):
    door.post(page("people", activity.pk), ticks(rows, rows[0]) | TYPED)
    assert names(activity, "attended") == ["张伟", "金丝雀来宾"]


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"name": "", "telephone": "19900000001"}, "walk_in_name_said"),
        ({"name": "张伟", "telephone": "123"}, "walk_in_telephone_said"),
    ],
)
@pytest.mark.parametrize("name", ["walk_in", "people"])
def test_a_refused_line_saves_nothing_and_keeps_the_ticks(door, activity, rows, name, typed, beside):
    answer = door.post(page(name, activity.pk), ticks(rows, rows[1]) | typed | {"rest_absent": "1"})
    assert answer.status_code == 409
    assert names(activity, "attended") == []
    assert ticked(answer.text) == [rows[1].pk]
    assert f'id="{beside}"' in answer.text
    assert f'aria-describedby="{beside}"' in answer.text
    assert f'value="{typed["telephone"]}"' in answer.text


def test_a_full_room_saves_nothing_and_keeps_the_ticks(door, activity, rows):
    Activity.objects.filter(pk=activity.pk).update(room_limit=2)
    answer = door.post(page("walk_in", activity.pk), ticks(rows, rows[0]) | TYPED)
    assert (answer.status_code, "最多坐2人" in answer.text) == (409, True)
    assert names(activity, "attended") == []
    assert ticked(answer.text) == [rows[0].pk]
    assert 'value="张伟"' in answer.text


def test_a_refused_page_sent_once_more_does_not_undo_a_colleagues_tick(cast, door, activity, rows):
    sent = ticks(rows, rows[0]) | {"name": "张伟", "telephone": "123"}
    attendance.mark(activity, attended=[rows[1].pk], by=cast.officer)  # meanwhile, on another phone
    text = door.post(page("walk_in", activity.pk), sent).text
    assert ticked(text) == [row.pk for row in rows]
    seen = re.search(r'name="seen" value="([^"]*)"', text)[1]
    door.post(page("people", activity.pk), {"seen": seen, "here": ticked(text)})
    assert names(activity, "attended") == ["金丝雀同伴", "金丝雀来宾"]


@pytest.mark.parametrize("tail", ["people/{}/leave/", "check-in/", "paper/"])
def test_a_button_that_leads_on_saves_the_ticks_first(door, activity, rows, tail):
    onward = f"/desk/activities/{activity.pk}/{tail.format(rows[1].pk)}"
    answer = door.post(page("people", activity.pk), ticks(rows, rows[0]) | {"then": onward})
    assert (answer.status_code, answer["Location"]) == (302, onward)
    assert names(activity, "attended") == ["金丝雀来宾"]


@pytest.mark.parametrize("onward", ["https://example.org/", "//example.org/desk/", "/admin/", "x"])
def test_it_leads_nowhere_but_over_the_desk(door, activity, rows, onward):
    answer = door.post(page("people", activity.pk), ticks(rows) | {"then": onward})
    assert answer["Location"] == page("people", activity.pk)


def test_what_is_brought_home_is_a_button_too(cast, client_of):
    over = make_activity(
        cast.homes["here"], starts_in=timedelta(hours=-3), status="finished", branch=cast.branches["here"]
    )
    (delivery,) = deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    text = client_of(cast.secretary).get(page("people", over.pk)).text
    assert f'name="then" value="{page("delivered", delivery.pk)}"' in text


def test_before_the_hour_there_is_nothing_to_lose_and_links_are_links(cast, door, activity, rows):
    Activity.objects.filter(pk=activity.pk).update(starts_at=activity.starts_at + timedelta(hours=3),
                                                   ends_at=activity.ends_at + timedelta(hours=3))  # fmt: skip
    text = door.get(page("people", activity.pk)).text
    assert f'href="{page("leave_for", activity.pk, rows[0].pk)}"' in text
    assert f'href="{page("paper", activity.pk)}"' in text
    assert 'name="then"' not in text


# --- two of one name
def walk_ins(activity):
    return activity.sign_ups.filter(walk_in=True, status="attended").count()


def test_the_same_one_twice_is_asked_about_once(door, activity, rows):
    address = page("walk_in", activity.pk)
    assert 'name="another"' not in door.post(address, TYPED, follow=True).text
    asked = door.post(address, ticks(rows, rows[0]) | {"name": " 张 伟", "telephone": ""})
    assert asked.status_code == 409
    assert "名单上已经有一位临时来的张伟，是另一位吗？" in asked.text
    assert 'name="another"' in asked.text
    assert ticked(asked.text) == [rows[0].pk]
    assert walk_ins(activity) == 1
    door.post(address, ticks(rows, rows[0]) | TYPED | {"another": "1"})
    assert walk_ins(activity) == 2
    assert names(activity, "attended").count("金丝雀来宾") == 1


def test_who_signed_up_is_ticked_and_not_written_down_again(door, activity):
    asked = door.post(page("walk_in", activity.pk), {"name": "金丝雀来宾", "telephone": ""})
    assert "已经有一位报了名的金丝雀来宾" in asked.text
    assert walk_ins(activity) == 0


def test_two_telephones_are_two_people(cast, activity):
    for number in "12":
        attendance.walk_in(activity, name="张伟", telephone=f"1990000000{number}", by=cast.officer)
    assert walk_ins(activity) == 2
    with pytest.raises(attendance.Namesake):
        attendance.walk_in(activity, name="张伟", by=cast.officer)


def test_who_was_struck_out_is_no_namesake(cast, activity):
    attendance.strike_out(attendance.walk_in(activity, name="张伟", by=cast.officer), by=cast.officer)
    attendance.walk_in(activity, name="张伟", by=cast.officer)
    assert walk_ins(activity) == 1


def test_another_of_the_name_is_no_way_round_one_telephone(cast, activity):
    attendance.walk_in(activity, name="张伟", telephone="19900000001", by=cast.officer)
    with pytest.raises(IllegalTransition, match="已经在名单上了"):
        attendance.walk_in(activity, name="张伟", telephone="19900000001", another=True, by=cast.officer)
