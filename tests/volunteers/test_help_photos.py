"""Photographs that somebody sends with what they ask for: how they are kept, and who sees them."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from homes import photos
from tests.activities.filling_in import errors
from tests.volunteers.asking import ASKED, ask, main, make_categories, make_place, picture
from tests.volunteers.errands import make_crew, make_order
from tests.volunteers.troop import enter, with_code
from volunteers import dispatching, help_forms
from volunteers.models import OrderPhoto, ServiceOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def home():
    return make_place()


def test_photographs_are_made_anew_and_kept_apart(client, clock, home, settings):
    sent = picture().read()
    answer = ask(client, clock, photo_1=picture(), photo_3=picture("图.png", "PNG"))
    page = client.get(answer["Location"])
    assert OrderPhoto.objects.count() == 2
    for row in OrderPhoto.objects.all():
        assert f'src="/help/photos/{row.pk}/"' in main(page)
        with row.picture.open() as file:
            kept = file.read()
        assert kept[8:12] == b"WEBP"
        assert kept != sent
        assert not row.picture.path.startswith(str(settings.MEDIA_ROOT))
        assert client.get(f"/media/{row.picture.name}").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", help_forms.EMPTY), (b"not a picture", photos.NOT_A_PHOTO), (b"<svg/>", photos.SVG)],
)
def test_a_file_that_is_no_photograph_loses_nothing_typed(client, clock, home, content, sentence):
    file = picture()
    file.file.seek(0)
    file.file.truncate()
    file.file.write(content)
    file.file.seek(0)
    file.size = len(content)
    answer = ask(client, clock, photo_2=file)
    assert errors(answer) == [sentence]
    assert ASKED["what"] in main(answer)
    assert '<details class="filter further" open>' in main(answer)
    assert not ServiceOrder.objects.exists()


def test_that_photographs_must_be_chosen_again_is_said(client, clock, home):
    assert "照片要请您再选一次" in main(ask(client, clock, consent="", photo_1=picture()))
    assert "照片要请您再选一次" not in main(ask(client, clock, consent=""))


def test_a_photograph_is_decoded_only_for_what_would_be_accepted(client, clock, home, monkeypatch):
    decoded = []
    monkeypatch.setattr(help_forms, "renditions", decoded.append)
    ask(client, clock, consent="", photo_1=picture())
    ask(client, clock, website="x", photo_1=picture())
    ask(client, clock, made_at="1", photo_1=picture())
    assert decoded == []


def test_who_may_see_a_photograph(client, clock, cast, client_of):
    make_categories()
    home = cast.homes["here"]
    ask(client, clock, f"/help/ask/?home={home.slug}", photo_1=picture())
    row = OrderPhoto.objects.order_by("pk").last()
    address = f"/help/photos/{row.pk}/"
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    seen = {person for person, user in cast.people.items() if client_of(user).get(address).status_code == 200}
    assert seen == {"officer", "secretary", "organiser", "district_officer", "technician"}
    assert client_of(cast.officer).post(address).status_code == 405
    nobodys, foreign = client_of(None).get("/help/photos/0/"), client_of(None).get(address)
    assert (nobodys.status_code, nobodys.content) == (foreign.status_code, foreign.content)


def test_a_volunteer_sees_the_photograph_while_they_have_the_order_in_hand(client, clock):
    home, _team, (volunteer, other) = make_crew(2)
    order = make_order(home, photos=[photos.renditions(picture())[0]])
    address = f"/help/photos/{order.photos.get().pk}/"
    browsers = {person: Client() for person in (volunteer, other)}
    for number, (person, browser) in enumerate(browsers.items()):
        enter(browser, with_code(person, f"1234567{number}"))
    assignment = dispatching.offer(order, volunteer, visit_at=timezone.now() + timedelta(days=1), by=None)
    assert browsers[volunteer].get(address).status_code == 404  # asked is not yet in hand
    dispatching.accept(assignment.order, volunteer, by=volunteer)
    assert browsers[volunteer].get(address).status_code == 200
    assert browsers[other].get(address).status_code == 404
    dispatching.complete(order, by=volunteer, what="换好了", minutes={volunteer.pk: 30})
    clock.shift(timedelta(days=8))
    enter(browsers[volunteer], volunteer)
    assert browsers[volunteer].get(address).status_code == 404
