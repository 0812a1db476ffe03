"""homes/photos.py: what a photograph becomes, and the sentence for everything that is none."""

import re
import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from homes import photos
from homes.photos import PhotoField, renditions

GPS = 0x8825
ORIENTATION = 0x0112


def picture(size=(2000, 1500), kind="JPEG", mode="RGB", colour="red", **save):
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **save)
    return buffer.getvalue()


def upload(content, name="照片.jpg"):
    return SimpleUploadedFile(name, content)


def opened(file):
    file.seek(0)
    return Image.open(file)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_two_sizes_of_webp(kind):
    large, small = (opened(each) for each in renditions(upload(picture(kind=kind))))
    assert [(each.format, each.size) for each in (large, small)] == [("WEBP", (1200, 900)), ("WEBP", (480, 360))]


def test_never_enlarged_and_never_endless():
    assert opened(renditions(upload(picture((300, 200))))[0]).size == (300, 200)
    assert opened(renditions(upload(picture((1000, 9000))))[1]).size == (107, 960)


def test_turned_the_right_way_up():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # held sideways
    assert opened(renditions(upload(picture((800, 400), exif=exif.tobytes())))[0]).size == (400, 800)


def test_nothing_is_left_of_where_and_by_what_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(GPS)[1] = "N"
    content = picture(exif=exif.tobytes(), comment=b"CANARY-COMMENT", xmp=b"<x>CANARY-XMP</x>")
    assert b"CANARY-CAMERA" in content  # there is something to lose
    assert b"CANARY-XMP" in content
    for each in renditions(upload(content)):
        data = each.read()
        assert b"CANARY" not in data
        assert not opened(each).getexif()
        assert {"exif", "xmp", "icc_profile"}.isdisjoint(opened(each).info)


def test_what_hides_behind_a_picture_does_not_survive():
    archive = BytesIO()
    with ZipFile(archive, "w") as hidden:
        hidden.writestr("CANARY.html", "<script>alert(1)</script>")
    for each in renditions(upload(picture() + archive.getvalue(), "a.php\0.jpg")):
        assert b"CANARY" not in each.read()


def test_transparent_and_grey_pictures_stand_on_white():
    large = opened(renditions(upload(picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0))))[0])
    assert large.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    grey = opened(renditions(upload(picture(kind="PNG", mode="I;16", colour=0xFFFF)))[0])
    assert min(grey.convert("RGB").getpixel((5, 5))) > 250


def test_names_are_generated():
    names = {each.name for _ in range(3) for each in renditions(upload(picture(), "../" + "长" * 300 + ".png"))}
    assert len(names) == 6
    assert all(re.fullmatch(r"[0-9a-f]{32}\.webp", name) for name in names)  # 128 random bits


def png_bomb(width, height):
    """A PNG that claims to be enormous, with next to nothing in it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', photos.SVG),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", photos.HEIC),
        (b"GIF89a" + b"\0" * 50, photos.NOT_A_PHOTO),
        (b"%PDF-1.7", photos.NOT_A_PHOTO),
        (b"<html>hello</html>", photos.NOT_A_PHOTO),
        (picture()[:2000], photos.BROKEN),
        (picture(kind="PNG")[:60], photos.BROKEN),
        (png_bomb(6400, 6300), photos.TOO_MANY_PIXELS),  # 40.3 million
        (png_bomb(10_000, 10_000), photos.TOO_MANY_PIXELS),  # where Pillow warns
        (png_bomb(60_000, 60_000), photos.TOO_MANY_PIXELS),  # where Pillow refuses
        (png_bomb(6300, 6300), photos.BROKEN),  # within the limit, but nothing behind it
        (b"\xff\xd8\xff" + b"\0" * photos.MAX_BYTES, photos.TOO_HEAVY),
    ],
    ids=["svg", "heic", "gif", "pdf", "html", "cut-jpeg", "cut-png", "pixels", "warning", "bomb", "hollow", "heavy"],
)
def test_what_is_no_photograph_is_refused_in_words(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        renditions(upload(content))
    assert refusal.value.messages == [sentence]


def test_field_gives_both_sizes_or_nothing():
    large, small = PhotoField().clean(upload(picture()))
    assert large.name != small.name
    assert PhotoField(required=False).clean(None) is None
    with pytest.raises(ValidationError):
        PhotoField().clean(None)
    with pytest.raises(ValidationError, match="SVG"):
        PhotoField().clean(upload(b"<svg/>", "照片.png"))


def test_pictures_are_decoded_one_after_the_other(monkeypatch):
    """Some large ones at once would take all the memory of a small machine."""
    plain, alone = photos._plain, []
    monkeypatch.setattr(
        photos, "_plain", lambda opened: (alone.append(photos._one_at_a_time.locked()), plain(opened))[1]
    )
    renditions(upload(picture()))
    with pytest.raises(ValidationError):
        renditions(upload(b"none"))
    assert (alone, photos._one_at_a_time.locked()) == ([True], False)
