"""Two sample recordings, made by code: a few notes, so that the player has something to play."""

import math
import struct
import wave
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from activities.library import recording
from activities.models import AudioItem
from branches.models import Division
from homes.models import Theme

RATE = 8000  # samples a second, mono, 16 bits: eight seconds are 128 KB
NOTE, LOUD, FADE = 0.8, 6000, 0.05  # seconds a note lasts; of 32767; seconds in which it comes and goes
TRANSCRIPT = "这不是真的朗读，只是几个音，用来试一试播放。\n\n正式的录音会配上全文，听不清的可以看着读。"
READER = "示例朗读者"
# how each is called, and its notes in hertz
ITEMS = (
    ("sample-first", "示例录音：五个音", (262, 294, 330, 392, 440)),
    ("sample-second", "示例录音：从高到低", (440, 392, 330, 294, 262, 294, 330)),
)


def melody(notes):
    """The bytes of a WAV file in which these notes sound one after the other, softly."""
    frames = bytearray()
    for hertz in notes:
        for number in range(int(NOTE * RATE)):
            at = number / RATE
            swell = min(1, at / FADE, (NOTE - at) / FADE)
            frames += struct.pack("<h", int(LOUD * swell * math.sin(2 * math.pi * hertz * at)))
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)
    return buffer.getvalue()


def load_recordings(*, reason):
    """Bring the sample recordings in, once; returns those that are new."""
    district = Division.objects.district()
    if district is None or AudioItem.history.filter(is_sample=True).exists():
        return []
    theme = Theme.objects.filter(is_archived=False).order_by("order", "pk").first()
    made = []
    for slug, title, notes in ITEMS:
        sound = recording(SimpleUploadedFile(f"{slug}.wav", melody(notes)))
        item = AudioItem(
            slug=slug, title=title, reader=READER, theme=theme, division=district, seconds=sound.seconds,
            file=sound.file, media_type=sound.media_type, transcript=TRANSCRIPT, is_public=True, is_sample=True,
        )  # fmt: skip
        item._change_reason = reason
        item.save()
        made.append(item)
    return made
