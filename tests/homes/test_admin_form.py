"""The staff form of a home: what bad input is told, and that nothing typed is lost."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from branches.coordinates import Datum, from_wgs84
from homes.models import Home, OpeningHours
from tests.homes.test_photos import picture
from tests.staff_forms import errors_of, filled

INSIDE = (113.0, 28.1)


@pytest.fixture
def desk(cast, client_of):
    """The change page of the home `here`, opened by its community officer: `get()` and `post(**changes)`."""
    return Desk(client_of(cast.officer), cast.homes["here"])


class Desk:
    def __init__(self, client, home):
        self.client, self.home = client, home
        self.address = f"/admin/homes/home/{home.pk}/change/"

    def get(self):
        return self.client.get(self.address)

    def post(self, **changes):
        return self.client.post(self.address, filled(self.get(), **changes))

    def saved(self):
        return Home.objects.get(pk=self.home.pk)


def test_saved_untouched_changes_nothing(desk):
    before = Home.objects.filter(pk=desk.home.pk).values().get()
    assert desk.post().status_code == 302
    after = Home.objects.filter(pk=desk.home.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"updated_at"}


# --- coordinates
@pytest.mark.parametrize("datum", list(Datum))
def test_coordinates_are_converted_from_the_declared_datum(desk, datum):
    longitude, latitude = from_wgs84(*INSIDE, datum)
    answer = desk.post(longitude=f"{longitude:.9f}", latitude=f"{latitude:.9f}", datum=datum.value)
    assert answer.status_code == 302
    assert (desk.saved().longitude, desk.saved().latitude) == (Decimal("113.000000"), Decimal("28.100000"))


def test_changed_coordinates_without_datum_are_refused(desk):
    answer = desk.post(longitude="113.01", latitude="28.11")
    assert list(errors_of(answer)) == ["datum"]
    assert "113.01" in answer.content.decode()
    assert desk.saved().longitude == Decimal("112.990000")


def test_half_a_position_is_refused_and_the_map_shows_what_is_saved(desk):
    for typed in ({"longitude": "113.01", "latitude": "28.11"}, {"latitude": ""}):
        answer = desk.post(**typed)
        assert 'data-longitude="112.990000" data-latitude="28.110000"' in answer.text
        assert "112.990000, 28.110000" in answer.text
    Home.objects.filter(pk=desk.home.pk).update(longitude=None, latitude=None, location_precision="")
    for typed, words in (
        ({"longitude": "113.01", "latitude": ""}, "要一起填"),
        ({"longitude": "", "latitude": "28.11"}, "要一起填"),
        ({"longitude": "28.11", "latitude": "113.01", "datum": "WGS-84"}, "写反了"),
    ):
        answer = desk.post(**typed)
        assert words in answer.text
        assert "还没有位置" in answer.text
    assert desk.saved().longitude is None


def test_a_point_outside_the_district_is_asked_about_once(desk):
    page = desk.get().content.decode()
    assert 'type="hidden" name="outside_is_right"' in page
    far = {"longitude": "114.3", "latitude": "30.6", "datum": "WGS-84"}
    asked = desk.post(**far)
    assert list(errors_of(asked)) == ["outside_is_right"]
    assert 'type="checkbox" name="outside_is_right"' in asked.content.decode()
    assert all(text in asked.content.decode() for text in ("114.3", "30.6", "望岳区"))
    assert desk.post(**far, outside_is_right="on").status_code == 302
    assert desk.saved().longitude == Decimal("114.300000")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"longitude": "28.1", "latitude": "113.0", "datum": "WGS-84"}, "latitude"),
        ({"longitude": "2.35", "latitude": "48.86", "datum": "WGS-84"}, "longitude"),
        ({"longitude": "113.0", "latitude": "91", "datum": "WGS-84"}, "latitude"),
        ({"longitude": "abc", "latitude": "28.1", "datum": "WGS-84"}, "longitude"),
        ({"longitude": "NaN", "latitude": "28.1", "datum": "WGS-84"}, "longitude"),
        ({"longitude": "1e999", "latitude": "28.1", "datum": "WGS-84"}, "longitude"),
        ({"longitude": "113.0", "latitude": "", "datum": "WGS-84"}, "latitude"),
        ({"longitude": "113.0", "latitude": "28.1", "datum": "GPS"}, "datum"),
        ({"longitude": "", "latitude": ""}, "location_precision"),
        ({"location_precision": ""}, "location_precision"),
    ],
)
def test_wrong_coordinates_say_what_is_wrong(desk, changes, field):
    answer = desk.post(**changes)
    assert (answer.status_code, list(errors_of(answer))) == (200, [field])
    assert answer.context["adminform"].form.data["name"] == desk.home.name


def test_swapped_coordinates_are_offered_the_right_way_round(desk):
    answer = desk.post(longitude="28.1", latitude="113.0", datum="GCJ-02")
    assert errors_of(answer) == {"latitude": ["经度和纬度好像写反了。是不是经度113.0、纬度28.1？对调一下再保存。"]}
    assert all(f'value="{typed}"' in answer.content.decode() for typed in ("28.1", "113.0"))


def test_coordinates_can_be_taken_back(desk):
    assert desk.post(longitude="", latitude="", location_precision="").status_code == 302
    assert not desk.saved().is_located


# --- slug
def test_a_duplicate_slug_is_named(cast, client_of):
    desk = Desk(client_of(cast.district_officer), cast.drafts["here"])
    answer = desk.post(slug="next-door")
    assert errors_of(answer) == {"slug": ["已经有一个家用了这个网址代号，请换一个。"]}
    assert 'value="next-door"' in answer.content.decode()


def test_the_slug_of_a_published_home_is_fixed(cast, client_of):
    desk = Desk(client_of(cast.district_officer), cast.homes["here"])
    assert desk.post(slug="renamed").status_code == 302
    assert desk.saved().slug == "here"


# --- hours
def row(prefix, number, **values):
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def with_rows(desk, prefix, *rows, **changes):
    """Post the page with these rows added to the part `prefix`."""
    data = filled(desk.get(), **changes)
    first = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = first + len(rows)
    for number, values in enumerate(rows, first):
        data |= row(prefix, number, **values)
    return desk.client.post(desk.address, data)


def hours_of(home):
    return [str(each) for each in OpeningHours.objects.filter(home=home)]


def test_a_second_interval_is_fine(desk):
    assert with_rows(desk, "hours", {"weekday": 0, "opens": "17:00", "closes": "20:00"}).status_code == 302
    assert hours_of(desk.home)[:2] == ["星期一 09:00–17:00", "星期一 17:00–20:00"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"weekday": 0, "opens": "16:00", "closes": "20:00"}, "hours-5-opens", "和同一天的 09:00–17:00 重叠了。"),
        ({"weekday": 0, "opens": "09:00", "closes": "10:00"}, "hours-5-opens", "和同一天的 09:00–17:00 重叠了。"),
        ({"weekday": 5, "opens": "17:00", "closes": "09:00"}, "hours-5-closes", "关门时间要晚于开门时间。"),
        ({"weekday": 5, "opens": "09:00", "closes": "09:00"}, "hours-5-closes", "关门时间要晚于开门时间。"),
    ],
)
def test_hours_that_cannot_be_are_told_at_their_row(desk, values, field, sentence):
    answer = with_rows(desk, "hours", values)
    assert errors_of(answer) == {field: [sentence]}
    assert values["opens"] in answer.content.decode()
    assert len(hours_of(desk.home)) == 5


def test_rows_may_swap_and_a_removed_row_makes_room(desk):
    data = {"hours-0-weekday": 1, "hours-1-weekday": 0, "hours-0-closes": "12:00"}
    assert desk.post(**data).status_code == 302
    assert hours_of(desk.home)[:2] == ["星期一 09:00–17:00", "星期二 09:00–12:00"]
    assert (
        with_rows(
            desk, "hours", {"weekday": 4, "opens": "09:00", "closes": "11:00"}, **{"hours-4-DELETE": "on"}
        ).status_code
        == 302
    )
    assert hours_of(desk.home)[-1] == "星期五 09:00–11:00"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_day": "2026-10-02", "last_day": "2026-10-01", "reason": "休息"}, "exceptions-0-last_day"),
        (
            {"first_day": "2026-10-01", "last_day": "2026-10-01", "opens": "09:00", "reason": "半天"},
            "exceptions-0-closes",
        ),
        ({"first_day": "10月1日", "last_day": "2026-10-01", "reason": "休息"}, "exceptions-0-first_day"),
        ({"first_day": "2026-10-01", "last_day": "2026-10-01", "reason": ""}, "exceptions-0-reason"),
    ],
)
def test_wrong_special_days_are_told_at_their_row(desk, values, field):
    answer = with_rows(desk, "exceptions", values)
    assert (answer.status_code, list(errors_of(answer))) == (200, [field])


def test_contradicting_special_days_are_told(desk):
    closed = {"first_day": "2026-10-01", "last_day": "2026-10-03", "reason": "国庆休息"}
    shorter = {
        "first_day": "2026-10-03",
        "last_day": "2026-10-04",
        "opens": "09:00",
        "closes": "11:00",
        "reason": "半天",
    }
    answer = with_rows(desk, "exceptions", closed, shorter)
    assert list(errors_of(answer)) == ["exceptions-1-first_day"]
    assert desk.home.exceptions.count() == 0


def test_a_facility_is_listed_once(desk):
    facility = desk.home.facilities.get()
    answer = with_rows(desk, "home_facilities", {"facility": facility.pk, "note": "又一个"})
    assert errors_of(answer) == {"home_facilities-1-facility": ["这个设施已经列出来了。"]}


# --- photos
def test_a_photo_is_stored_clean_under_a_generated_name(desk):
    file = SimpleUploadedFile("长" * 300 + ".jpg", picture((1600, 1200)))
    answer = with_rows(desk, "photos", {"upload": file, "alt": "门口", "order": 0})
    assert answer.status_code == 302
    photo = desk.home.photos.get()
    assert (photo.width, photo.height, photo.alt) == (1200, 900, "门口")
    assert len(photo.large.name) < 100
    with photo.small.open() as stored:
        assert stored.read(4) == b"RIFF"


@pytest.mark.parametrize(
    ("content", "word"), [(b"<svg/>", "SVG"), (picture()[:3000], "打不开"), (b"hello", "不是照片")]
)
def test_what_is_no_photo_is_told_at_its_row_and_the_rest_stays(desk, content, word):
    file = SimpleUploadedFile("照片.jpg", content)
    answer = with_rows(desk, "photos", {"upload": file, "alt": "金丝雀门口", "order": 0}, lead="刚刚改的一句话")
    assert word in errors_of(answer)["photos-0-upload"][0]
    assert all(text in answer.content.decode() for text in ("金丝雀门口", "刚刚改的一句话", "照片，请重新选一次"))
    assert desk.home.photos.count() == 0


def test_the_page_sends_files_also_where_there_are_photos_already(desk):
    assert 'enctype="multipart/form-data"' in desk.get().content.decode()
    with_rows(desk, "photos", {"upload": SimpleUploadedFile("a.jpg", picture()), "alt": "门口", "order": 0})
    assert desk.home.photos.count() == 1
    assert 'enctype="multipart/form-data"' in desk.get().content.decode()


def test_a_photo_needs_a_file_and_a_description(desk):
    answer = with_rows(desk, "photos", {"order": 5})
    assert set(errors_of(answer)) == {"photos-0-upload", "photos-0-alt"}


def test_a_photo_is_put_away_but_never_deleted(desk):
    with_rows(desk, "photos", {"upload": SimpleUploadedFile("a.jpg", picture()), "alt": "门口", "order": 0})
    assert desk.post(**{"photos-0-is_archived": "on", "photos-0-DELETE": "on"}).status_code == 302
    assert [photo.is_archived for photo in desk.home.photos.all()] == [True]


def test_a_telephone_number_of_words_is_told(desk):
    answer = desk.post(telephone="打给小王")
    assert list(errors_of(answer)) == ["telephone"]
    assert "打给小王" in answer.content.decode()


def test_errors_are_announced_in_the_title(desk):
    assert "<title>错误：" in desk.post(name="").content.decode()


def test_unknown_stays_unknown(desk):
    assert desk.post(step_free="", lift="True", handrails="False").status_code == 302
    home = desk.saved()
    assert (home.step_free, home.lift, home.handrails) == (None, True, False)
