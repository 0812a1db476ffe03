"""Uploaded photographs become two clean pictures; what was uploaded is thrown away.

A picture is taken for what its bytes are, never for its name. It is decoded only after its size in pixels is known,
turned the right way up, and encoded anew as WebP: position, camera, embedded thumbnails and anything hidden behind the
picture do not survive that.
"""

import secrets
import struct
from io import BytesIO
from threading import Lock

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
LARGE, SMALL = 1200, 480  # width in pixels; at most twice as high
QUALITY = 80
_one_at_a_time = Lock()  # decoded, 40 million pixels take 200 to 500 MB for a moment, and anybody may send them

NOT_A_PHOTO = _("这个文件不是照片。请上传 JPG、PNG 或 WebP 格式的照片。")
SVG = _("SVG 是图形文件，里面可以藏程序，不能上传。请换成 JPG、PNG 或 WebP 格式的照片。")
HEIC = _("这是苹果手机的 HEIC 格式，很多人的手机打不开。请先存成 JPG 再上传（用微信发一次，再保存下来就是 JPG）。")
TOO_HEAVY = _("照片太大了，超过 15 MB。请换一张小一些的。")
TOO_MANY_PIXELS = _("照片的尺寸太大，超过 4000 万像素。请缩小以后再上传。")
BROKEN = _("这张照片打不开，可能没有传完整。请重新选一次，或者换一张。")


def renditions(uploaded):
    """Return (large, small): `ContentFile`s of WebP, 1200 and 480 px wide (never enlarged), under unguessable names.

    `uploaded` is a Django file. Raises `ValidationError` with a sentence for the person who chose the file.
    """
    if uploaded.size > MAX_BYTES:
        raise ValidationError(TOO_HEAVY, code="too_heavy")
    uploaded.seek(0)
    with _one_at_a_time:
        return _renditions(uploaded.read())


def _renditions(content):
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels")
        picture.draft("RGB", (2 * LARGE, 2 * LARGE))  # a JPEG can be decoded at a fraction of its size
        picture = _plain(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise ValidationError(_what_else(content), code="not_a_photo") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error) as error:
        raise ValidationError(BROKEN, code="broken") from error
    return _webp(picture, LARGE), _webp(picture, SMALL)


def _plain(picture):
    """The first frame's pixels on white, and nothing else."""
    if picture.mode.startswith("I;16"):  # 16-bit grey has no direct way to colour
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return plain


def _webp(picture, width):
    picture = picture.copy()
    picture.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY)
    return ContentFile(buffer.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _what_else(content):
    """A sentence about a file that is none of the three formats."""
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return HEIC
    return SVG if b"<svg" in content[:4096].lower() else NOT_A_PHOTO


class PhotoField(forms.FileField):
    """A form field for one photograph; its value is what `renditions` returns, or None where none was chosen."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data, initial=None):
        uploaded = super().clean(data, initial)
        return renditions(uploaded) if uploaded else None
