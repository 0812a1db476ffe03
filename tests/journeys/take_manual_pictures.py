"""`make manual`: takes every picture of the manual anew. Not part of the ordinary run, which collects test_*.py."""

import io
import json

from PIL import Image

from config.manual import DOTS
from tests.journeys.manual_list import PICTURES
from tests.journeys.manual_pictures import PICTURES_FOLDER, WORDS, Reader

EDGE = 12  # CSS pixels around what is shown
LARGEST = 40_000  # bytes
QUALITIES = (65, 50, 35)

RING = "one => Object.assign(one.style, {outline: '4px solid #c8102e', outlineOffset: '4px', borderRadius: '6px'})"
# What stays in sight while one scrolls would lie across the picture; and this browser writes dates as in English, and
# says so of files, where the readers' own write them as in Chinese.
AS_READERS_SEE_IT = """() => {
  const say = (one, words) => { one.type = "text"; one.value = words };
  for (const one of document.querySelectorAll("main *"))
    if (getComputedStyle(one).position === "sticky") one.style.position = "static";
  for (const one of document.querySelectorAll("input[type=date]")) say(one, one.value.replaceAll("-", "/"));
  for (const one of document.querySelectorAll("input[type=time]")) say(one, one.value);
  for (const one of document.querySelectorAll("input[type=file]")) say(one, "选择文件　未选择任何文件");
}"""
BOX = """part => {
  const boxes = [...document.querySelectorAll(part)].map((one) => one.getBoundingClientRect())
    .filter((box) => box.width && box.height);
  const y = Math.min(...boxes.map((box) => box.top)) + scrollY;
  return {x: Math.min(...boxes.map((box) => box.left)), y,
    right: Math.max(...boxes.map((box) => box.right)), bottom: Math.max(...boxes.map((box) => box.bottom)) + scrollY};
}"""


def test_take_them(demo, open_page):
    words, readers = {}, {}
    for name, picture in PICTURES.items():
        if picture.who not in readers:
            readers[picture.who] = Reader(open_page(picture.width, device_scale_factor=DOTS), demo, picture.who)
        reader = readers[picture.who]
        words[name] = reader.words(picture)
        (PICTURES_FOLDER / f"{name}.webp").write_bytes(small_enough(take(reader, picture)))
    for file in PICTURES_FOLDER.glob("*.webp"):
        if file.stem not in PICTURES:
            file.unlink()
    WORDS.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n")


def take(reader, picture):
    page, (address, _) = reader.page, reader.find(picture)
    page.goto(address)
    page.evaluate(AS_READERS_SEE_IT)
    if picture.press:
        page.locator(picture.press).first.evaluate(RING)
    box = page.evaluate(BOX, picture.part)
    left, top = max(0, box["x"] - EDGE), max(0, box["y"] - EDGE)
    clip = {
        "x": left,
        "y": top,
        "width": min(picture.width - left, picture.wide, box["right"] + EDGE - left),
        "height": min(picture.tall, box["bottom"] + EDGE - top),
    }
    return Image.open(io.BytesIO(page.screenshot(clip=clip, full_page=True)))


def small_enough(image):
    """The file, as fine as fits."""
    for quality in QUALITIES:
        file = io.BytesIO()
        image.save(file, "WEBP", quality=quality)
        if file.tell() <= LARGEST:
            return file.getvalue()
    raise AssertionError("show less of it")
