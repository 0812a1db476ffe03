"""Recordings of silence in every format that is accepted, a few seconds long, made by hand: no encoder is needed."""

import struct

from mutagen.id3 import ID3, TIT2
from mutagen.ogg import OggPage

from activities.demo_audio import melody

PLACE = b"+28.1127+112.9880/"  # where a telephone says that it recorded


def mp3(seconds=3):
    """MPEG 1 layer III, 128 kbit/s, 44.1 kHz: a frame is 417 bytes and lasts 26 ms."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * int(seconds * 44100 / 1152)


def mp3_with_tags(path):
    """As a telephone writes it, with a title; `path` is a file to make it in."""
    path.write_bytes(mp3())
    tags = ID3()
    tags.add(TIT2(text="我家门口"))
    tags.save(path)
    return path.read_bytes()


def aac(seconds=3):
    """ADTS, 44.1 kHz: a frame of 1024 samples with a header of seven bytes."""
    size = 100
    header = bytes([0xFF, 0xF1, 0x50, 0x40 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return (header + bytes(size - 7)) * int(seconds * 44100 / 1024)


def box(name, *parts):
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), name) + content


def m4a(seconds=3, handler=b"soun", extra=b""):
    """An MP4 with one track; `extra` goes into its box of user data."""
    mdhd = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 44100, seconds * 44100, 0, 0))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(13))
    entry = box(
        b"mp4a", bytes(6), struct.pack(">H", 1), bytes(8), struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16), box(b"free")
    )
    stbl = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry))
    trak = box(b"trak", box(b"mdia", mdhd, hdlr, box(b"minf", stbl)))
    moov = box(b"moov", box(b"mvhd", bytes(100)), trak, box(b"udta", extra))
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + moov + box(b"mdat", bytes(64))


def m4a_with_place():
    return m4a(extra=box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE))


def _ogg(head, comment, rest, samples):
    pages = []
    for number, packets in enumerate(([head], [comment, *rest], [bytes(64)])):
        page = OggPage()
        page.serial, page.sequence, page.packets, page.position = 7, number, packets, samples if number == 2 else 0
        page.first, page.last = number == 0, number == 2
        pages.append(page.write())
    return b"".join(pages)


def vorbis(seconds=3):
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44100, 0, 64000, 0, 0xB8, 1)
    words = "作者=我家".encode()
    comment = b"\x03vorbis" + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(words)) + words + b"\x01"
    return _ogg(head, comment, [b"\x05vorbis" + bytes(32)], seconds * 44100)


def opus(seconds=3):
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    comment = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    return _ogg(head, comment, [], seconds * 48000)


def wav():
    return melody((262, 294, 330))
