"""What the samples look like: varied facts, hours around today, and pictures drawn by the portal itself."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from branches.coordinates import inside
from branches.models import Division
from homes import demo, demo_photos
from homes.demo_pictures import draw
from homes.models import Home, Photo, Theme
from tests.districts.folders import YUNSHAN, copied, replaced, run
from tests.stage import plain_picture

pytestmark = pytest.mark.once  # what the samples are like; tests/config/test_load_demo.py loads them on both databases


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch):
    monkeypatch.setattr(demo_photos, "draw", plain_picture)


def test_samples_are_plainly_samples(samples):
    assert samples.count() == 20
    for home in samples:
        assert home.telephone == "" or home.telephone.startswith("0731-0000 00")
        assert home.address == "" or home.address.startswith("示例路")
        assert home.source == "示例数据"
        assert "都是编的" in home.story
        home.full_clean()


def test_samples_differ_in_what_is_known_of_them(samples):
    for name in Home.ACCESSIBILITY:
        assert set(samples.values_list(name, flat=True)) == {True, False, None}
    assert samples.filter(telephone="").count() == samples.filter(address="").count() == 1
    assert samples.filter(theme=None).count() == 1
    assert max(len(home.address) for home in samples) > 40
    assert 0 < samples.filter(verified_on=None).count() < samples.unverified().count() < 20


def test_hours_on_the_day_of_loading(samples):
    homes = {home.slug: home for home in samples.with_opening()}

    known = [home for home in homes.values() if home.opening.is_known]
    assert len(known) == 19
    assert [home.slug for home in known if home.hours.filter(weekday=6)] == ["sample-05"]
    assert homes["sample-05"].opening.until.hour == 17
    special = homes["sample-03"]
    assert special.special[0].reason == "检修空调，这几天只开上午（示例）"
    assert (special.opening.until.hour, special.opening.until.minute) == (11, 30)
    holiday = homes["sample-07"].exceptions.get()
    assert (holiday.first_day, holiday.is_closed) == (date(2027, 1, 1), True)
    for home in homes.values():
        for row in home.hours.all():
            row.full_clean()


@pytest.mark.parametrize(
    ("today", "holiday"),
    [((2026, 12, 31), (2027, 1, 1)), ((2026, 1, 1), (2026, 5, 1)), ((2026, 9, 30), (2026, 10, 1))],
)
def test_the_holiday_ahead_is_the_next_one(today, holiday):
    sample = demo.Sample(demo.HOLIDAY_AHEAD, Home(slug="any"), is_demonstration=False)

    with time_machine.travel(datetime(*today, 4, tzinfo=UTC)):
        assert next(demo._exceptions(sample)).first_day == date(*holiday)


def test_demonstration_sites_are_samples_of_2022_and_in_force(samples):
    shown = samples.with_demonstration().exclude(demonstration_since=None)
    assert shown.count() == 13
    assert {home.demonstration_since.year for home in shown} == {2022}


def test_staff_find_something_to_do(samples):
    assert {home.is_sample for home in Home.objects.drafts()} == {True}
    assert len(Home.objects.drafts().get(application=None).name) > 25
    assert Home.objects.without_location().count() == 2
    assert Home.objects.without_photo().count() == 13  # nine named in the report, four samples


def test_photos_came_in_as_uploads_do(samples):
    photo = Photo.objects.filter(is_sample=True).first()
    for picture in (photo.large, photo.small):
        with picture.open() as file, Image.open(file) as opened:
            assert opened.format == "WEBP"
            assert not opened.getexif()
    assert (photo.width, photo.height) == (120, 80)
    assert set(Photo.objects.values_list("is_sample", "home__is_sample")) == {(True, True)}


def test_larger_scales_stay_inside_the_district(samples, homes_alone):
    run("load_demo", "--scale", 3)

    outline = Division.objects.district().outline
    homes = list(Home.objects.public().filter(is_sample=True))
    located = [home for home in homes if home.is_located]
    assert len(homes) == 3 * 29 - 9
    assert all(inside(outline, home.longitude, home.latitude) for home in located)
    assert len({(home.longitude, home.latitude) for home in located}) == len(located) > 70
    telephones = [home.telephone for home in homes if home.telephone]
    assert len(set(telephones)) == len(telephones)
    assert len({home.division_id for home in homes}) > 60
    assert max(len(home.name) for home in homes) > 30
    for home in homes:
        home.full_clean()


def test_pictures_are_drawn_once_however_many_homes_show_them(samples, homes_alone):
    before = set(Photo.objects.values_list("large", flat=True))

    run("load_demo", "--scale", 4)

    after = list(Photo.objects.values_list("large", flat=True))
    assert len(after) > 100
    assert len(set(after) - before) <= 6 * (4 + 2)  # marks times courtyards and rooms


def test_a_district_without_outline_or_positions(db, tmp_path):
    folder = copied(YUNSHAN, tmp_path / "district")
    (folder / "outline.geojson").unlink()
    replaced(folder / "samples" / "homes.csv", "101.12,42.12,WGS-84", ",,")
    run("load_district", folder)

    run("load_demo", folder, "--scale", 4)

    samples = Home.objects.public().filter(is_sample=True)
    assert samples.count() == 4 * 6 - 3
    assert samples.exclude(longitude=None).exists()


@pytest.mark.parametrize("mark", Theme.Mark.values)
@pytest.mark.parametrize("indoors", [False, True])
def test_a_picture_of_every_theme(mark, indoors):
    picture, alt = draw(mark, 1, indoors=indoors)

    assert picture.size == (1200, 800)
    assert len(picture.resize((60, 40)).getcolors(2400)) > 50  # a scene, not a blank
    assert alt.startswith("示例图：")
    assert len(alt) <= Photo._meta.get_field("alt").max_length


def test_the_same_picture_twice_and_another_by_another_number():
    once, again, other = (draw("tea", number)[0].tobytes() for number in (1, 1, 2))

    assert once == again
    assert once != other


def test_today_is_the_day_in_the_district(samples):
    assert timezone.localdate() == date(2026, 11, 22)
    assert not samples.filter(verified_on__gt=timezone.localdate()).exists()
