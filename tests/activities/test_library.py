"""The audio library: what is taken for a recording, what is kept of it, and its sound in pieces."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from activities import library
from activities.demo_audio import load_recordings
from activities.library import recording
from activities.models import AudioItem
from activities.views import library as pages
from tests.activities import sounds
from tests.makers import make_recording

ACCEPTED = {
    "mp3": ("audio/mpeg", sounds.mp3),
    "m4a": ("audio/mp4", sounds.m4a),
    "aac": ("audio/aac", sounds.aac),
    "ogg": ("audio/ogg", sounds.vorbis),
    "opus": ("audio/ogg", sounds.opus),
    "wav": ("audio/wav", sounds.wav),
}


def upload(content, name="录音.txt"):
    return SimpleUploadedFile(name, content, content_type="text/html")


# --- what is taken for a recording
@pytest.mark.parametrize("kind", ACCEPTED)
def test_a_recording_is_known_by_its_content(kind):
    media_type, make = ACCEPTED[kind]
    found = recording(upload(make()))
    assert (found.media_type, found.seconds) == (media_type, 3)
    assert found.file.name.endswith(f".{'ogg' if kind == 'opus' else kind}")
    assert recording(upload(found.file.read())).seconds == 3  # what is kept can still be played
    assert found.file.name != recording(upload(make())).file.name


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", library.NOT_A_RECORDING),
        (b"<html><script>alert(1)</script>", library.NOT_A_RECORDING),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), library.NOT_A_RECORDING),
        (b"MZ" + bytes(100), library.NOT_A_RECORDING),
        (b"\xff\xd8\xff\xe0" + bytes(100), library.NOT_A_RECORDING),
        (b"\xff\xfb\x90\x64" + bytes(100), library.BROKEN),
        (b"ID3" + bytes(100), library.BROKEN),
        (b"OggS" + bytes(100), library.BROKEN),
        (sounds.opus().replace(b"OpusHead\x01\x01", b"OpusHead\x01"), library.BROKEN),
        (b"RIFF\x24\0\0\0WAVEfmt ", library.BROKEN),
        (b"\0\0\0\x14ftypM4A " + bytes(100), library.BROKEN),
        (sounds.m4a(seconds=0), library.BROKEN),
        (sounds.m4a(seconds=24 * 60 * 60), library.BROKEN),
        (sounds.m4a() + sounds.box(b"moov", sounds.box(b"hdlr", bytes(8), b"vide")), library.WITH_PICTURES),
    ],
)
def test_anything_else_is_refused_in_words(content, sentence):
    with pytest.raises(ValidationError) as refused:
        recording(upload(content, "录音.mp3"))
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("kind", ACCEPTED)
def test_a_recording_that_was_cut_off_breaks_nothing(kind):
    content = ACCEPTED[kind][1]()
    for size in (5, 20, 40, 70, 150, len(content) // 2):
        with suppress(ValidationError):
            assert recording(upload(content[:size])).seconds >= 1


@given(st.sampled_from(sorted(ACCEPTED)), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_recording_with_wrong_bytes_breaks_nothing(kind, wrong):
    content = bytearray(ACCEPTED[kind][1]())
    for place, byte in wrong:
        content[place % len(content)] = byte
    with suppress(ValidationError):
        assert recording(upload(bytes(content))).seconds >= 1


def test_a_heavy_file_is_not_even_read():
    heavy = upload(b"")
    heavy.size = library.MAX_BYTES + 1
    with pytest.raises(ValidationError, match="60 MB"):
        recording(heavy)


def test_what_a_file_tells_of_whoever_recorded_is_taken_away(tmp_path):
    for content, word in (
        (sounds.mp3_with_tags(tmp_path / "a.mp3"), "我家门口".encode("utf-16-le")),
        (sounds.m4a_with_place(), sounds.PLACE),
        (sounds.vorbis(), "我家".encode()),
    ):
        assert word in content
        kept = recording(upload(content)).file.read()
        assert word not in kept


# --- pages and sound
@pytest.fixture
def item(cast):
    return cast.recordings["here"]


@pytest.fixture
def content(item):
    with item.file.open() as file:
        return file.read()


def sound(client, item, **headers):
    """The answer to a question for the sound, with all of it in `body`."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.get(f"{item.get_absolute_url()}sound/", headers=headers)
    response.body = response.getvalue()
    return response


def test_the_list_has_what_is_public(cast, client):
    make_recording(cast.homes["here"], "没有公开的", "hidden", is_public=False)
    page = client.get("/library/").content.decode()
    assert "金丝雀读书" in page
    assert "2秒" in page
    assert "没有公开的" not in page


def test_a_page_works_without_scripts_and_has_the_words(item, client):
    page = client.get(item.get_absolute_url()).content.decode()
    assert f'<audio controls preload="none" src="{item.get_absolute_url()}sound/"></audio>' in page
    assert "金丝雀读书的文字" in page
    assert " hidden>播放</button>" in page  # shown by the script that makes it work


def test_the_whole_recording(item, content, client):
    response = sound(client, item)
    assert response.status_code == 200
    assert response.body == content
    assert response["Content-Type"] == "audio/wav"
    assert response["Content-Length"] == str(len(content))
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-", 0, -1), ("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=-5", -5, -1),
     ("bytes=-999999999", 0, -1), ("bytes=100-999999999999999999", 100, -1)],
)  # fmt: skip
def test_a_part(item, content, client, asked, first, last):
    size = len(content)
    first, last = (place % size for place in (first, last))
    response = sound(client, item, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{size}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response.body == content[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end(item, content, client, asked):
    response = sound(client, item, range=asked.format(size=len(content)))
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(content)}"
    assert response.body == b""


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-2",
        "bytes=-",
        "bytes=a-b",
        "items=0-5",
        "bytes=0-1,5-6",
        "bytes=１-２",
        "0-5",
        "bytes=" + "9" * 99 + "-",
    ],
)
def test_what_is_no_part_is_answered_with_the_whole(item, content, client, asked):
    response = sound(client, item, range=asked)
    assert response.status_code == 200
    assert response.body == content


def test_one_answer_holds_a_piece_and_the_next_question_goes_on(item, content, client, monkeypatch):
    monkeypatch.setattr(pages, "PIECE", 1000)
    heard, first = b"", 0
    while first < len(content):
        piece = sound(client, item, range=f"bytes={first}-").body
        assert 0 < len(piece) <= 1000
        heard, first = heard + piece, first + len(piece)
    assert heard == content


def test_part_of_another_recording_is_answered_with_the_whole(item, content, client):
    etag = sound(client, item)["ETag"]
    assert sound(client, item, range="bytes=0-9", if_range=etag).status_code == 206
    other = sound(client, item, range="bytes=0-9", if_range='"another"')
    assert other.status_code == 200
    assert other.body == content


def test_what_is_known_is_not_sent_again(item, client):
    known = sound(client, item)["ETag"]
    for tag in (known, f"W/{known}", "*", f'"x", {known}'):
        assert sound(client, item, if_none_match=tag).status_code == 304


def test_head_says_how_long_it_is(item, content, client):
    response = client.head(f"{item.get_absolute_url()}sound/", headers={"Range": "bytes=0-9"})
    assert (response.status_code, response["Content-Length"]) == (200, str(len(content)))
    assert response.content == b""


def test_what_is_not_public_is_for_those_who_work_on_it(cast, client_of):
    hidden = make_recording(cast.homes["here"], "没有公开的", "hidden", is_public=False)
    assert client_of(None).get(hidden.get_absolute_url()).status_code == 404
    seen = set()
    for person, user in cast.people.items():
        response = sound(client_of(user), hidden)
        if response.status_code == 200:
            assert response["Cache-Control"] == "private, no-store"
            seen.add(person)
    assert seen == {"officer", "street_officer", "district_officer", "organiser", "technician"}


def test_a_recording_whose_file_is_gone_is_missing(item, client):
    AudioItem.objects.filter(pk=item.pk).update(file="audio/gone.wav")
    assert sound(client, item).status_code == 404


# --- samples
def test_the_samples_are_marked_and_come_once(cast, client):
    made = load_recordings(reason="示例")
    assert [item.is_sample for item in made] == [True, True]
    assert load_recordings(reason="示例") == []
    page = client.get(made[0].get_absolute_url()).content.decode()
    assert "示例数据" in page
    assert sound(client, made[0]).status_code == 200
