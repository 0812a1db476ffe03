"""Uploaded recordings: taken for what their bytes are, measured, and kept without what they tell of whoever recorded.

A file's name and the type a browser gives it are not asked. Its tags (title, telephone model, where it was recorded)
are taken away; the sound stays as it is, byte for byte.
"""

import math
import re
import secrets
import struct
from dataclasses import dataclass
from io import BytesIO

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from mutagen import MutagenError
from mutagen.aac import AAC
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

MAX_BYTES = 60 * 1024 * 1024
HEAD = 64  # bytes at the beginning that tell what a file is
LONGEST = 12 * 60 * 60  # seconds

NOT_A_RECORDING = "这个文件不是能放的录音。请上传 MP3、M4A、AAC、OGG 或 WAV 格式的录音。"
TOO_HEAVY = "录音太大了，超过 60 MB。请存成 MP3，或者分成几段再上传。"
WITH_PICTURES = "这是一段视频。请只上传声音，例如 MP3 或 M4A。"
BROKEN = "这段录音打不开，可能没有传完整。请重新选一次，或者换一个文件。"
# what reading a spoilt file may end in; the library checks much, not all
READING_FAILED = (
    MutagenError,
    OSError,
    ValueError,
    LookupError,
    EOFError,
    ArithmeticError,
    AssertionError,
    struct.error,
)
VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
PLACE = re.compile(rb"\xa9xyz|loci")  # boxes of an MP4 that tell where it was recorded; their size stands before


@dataclass(frozen=True)
class Recording:
    """What is kept of an upload: `file` under a name that nobody can guess, its media type, its length in seconds."""

    file: ContentFile
    media_type: str
    seconds: int


def recording(uploaded):
    """The `Recording` in a Django file. Raises `ValidationError` with a sentence for the person who chose the file."""
    if uploaded.size > MAX_BYTES:
        raise ValidationError(TOO_HEAVY, code="too_heavy")
    uploaded.seek(0)
    content = uploaded.read()
    kind, extension, media_type = _kind(content)
    if kind is MP4:
        if VIDEO_TRACK.search(content):
            raise ValidationError(WITH_PICTURES, code="video")
        content = _without_place(content)
    buffer = BytesIO(content)
    try:
        sound = kind(buffer)
        seconds = math.ceil(sound.info.length or 0)
        if sound.tags is not None:
            buffer.seek(0)
            sound.delete(buffer)
    except READING_FAILED as error:
        raise ValidationError(BROKEN, code="broken") from error
    if not 1 <= seconds <= LONGEST:
        raise ValidationError(BROKEN, code="broken")
    name = f"{secrets.token_hex(16)}.{extension}"
    return Recording(ContentFile(buffer.getvalue(), name=name), media_type, seconds)


def _kind(content):
    """(the reader, the end of the name, the media type) by the first bytes."""
    head = content[:HEAD]
    if head[4:8] == b"ftyp":
        return MP4, "m4a", "audio/mp4"
    if head[:4] == b"OggS":
        return (OggOpus if b"OpusHead" in head else OggVorbis), "ogg", "audio/ogg"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAVE, "wav", "audio/wav"
    if head[:3] == b"ID3":
        return MP3, "mp3", "audio/mpeg"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # both begin with the same bits; the next but one say which layer, and AAC has none
        return (MP3, "mp3", "audio/mpeg") if head[1] & 0x06 else (AAC, "aac", "audio/aac")
    raise ValidationError(NOT_A_RECORDING, code="not_a_recording")


def _without_place(content):
    """The MP4 with its boxes of places blanked: as long as before, so that nothing in it moves."""
    blank = bytearray(content)
    for found in PLACE.finditer(content):
        begins = found.start() - 4
        size = int.from_bytes(content[max(0, begins) : found.start()])
        if 8 <= size <= 512 and begins + size <= len(content):
            blank[found.start() : begins + size] = b"free" + bytes(size - 8)
    return bytes(blank)


class RecordingField(forms.FileField):
    """A form field for one recording; its value is what `recording` returns, or None where none was chosen."""

    widget = forms.FileInput(attrs={"accept": "audio/*"})

    def clean(self, data, initial=None):
        uploaded = super().clean(data, initial)
        return recording(uploaded) if uploaded else None
