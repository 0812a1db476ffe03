"""The checklist beyond what the district's folder knows, and sample inspections that went through it."""

from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from simple_history.utils import bulk_create_with_history

from branches.demo_words import REASON
from homes import inspecting
from homes.demo_founding_words import NOT_HERE_WORDS, SEEN, STANDARDS
from homes.documents import checked
from homes.models import ApplicationDocument, HomeApplication, Inspection, InspectionItem, InspectionPhoto, Standard
from homes.photos import renditions

Condition, Result = ApplicationDocument.Condition, InspectionItem.Result
TITLES = {
    Condition.BRANCH: "支部成立的批复（示例）",
    Condition.PLACE: "场所的照片（示例）",
    Condition.TEAM: "队伍情况表（示例）",
}
PAPER, INK, RED = "#fbf7ee", "#8a8172", "#a5342b"
NOTES = {name: note for _, name, _, _, note in STANDARDS}
FIRST_ORDER = 40  # after the three conditions


def load_standards(arrivals):
    """The sample lines of the checklist, once."""
    if Standard.history.filter(is_sample=True).exists():
        return
    there = set(Standard.objects.values_list("section", "name"))
    rows = [
        Standard(section=section, name=name, hint=hint, is_required=required, order=FIRST_ORDER + turn, is_sample=True)
        for turn, (section, name, hint, required, _) in enumerate(STANDARDS)
        if (section, name) not in there
    ]
    bulk_create_with_history(rows, Standard, default_change_reason=REASON)
    arrivals.created[Standard._meta.verbose_name] += len(rows)


def documents(samples):
    """Unsaved rows of evidence for what was handed in; its three files are drawn and kept once."""
    kept = {condition: _kept(_page(), "WEBP" if condition == Condition.PLACE else "PDF") for condition in TITLES}
    return [
        ApplicationDocument(
            application=sample.application, condition=condition, title=title, file=kept[condition][0],
            kind=kept[condition][1], added_by=sample.application.applicant,
        )
        for sample in samples
        for condition, title in TITLES.items()
        if sample.is_handed_in or condition == Condition.BRANCH
    ]  # fmt: skip


def _page():
    """A sheet with a red line and grey ones: plainly nobody's document."""
    picture = Image.new("RGB", (420, 594), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 360, 72), fill=RED)
    for top in range(120, 520, 28):
        pen.rectangle((60, top, 220 + top * 7 % 140, top + 6), fill=INK)
    return picture


def _kept(picture, format_):
    """(name of the stored file, its kind), taken in as an upload is."""
    buffer = BytesIO()
    picture.save(buffer, format_)
    content, kind = checked(ContentFile(buffer.getvalue(), name="sample"))
    field = ApplicationDocument._meta.get_field("file")
    return field.storage.save(field.generate_filename(None, content.name), content), kind


def inspect_all(places, arrivals):
    """Inspections of `places` ([(application or home, who, day)]), with a photograph of every third."""
    standards = list(Standard.objects.in_use())
    inspections, items = [], []
    for turn, (place, who, on) in enumerate(places):
        dice = Random(f"inspection {place} {on}")  # noqa: S311 - samples, not secrets
        is_application = isinstance(place, HomeApplication)
        inspection = Inspection(
            application=place if is_application else None, home=place.home if is_application else place, on=on,
            by=who, words=SEEN[turn % len(SEEN)], is_sample=True,
        )  # fmt: skip
        inspections.append(inspection)
        items += [_found(inspection, standard, dice) for standard in standards]
    picture = _photograph()
    photos = [InspectionPhoto(inspection=each, **picture) for each in inspections[::3]]
    inspecting.enter(inspections, items, photos, by=None, reason=REASON)
    arrivals.created[Inspection._meta.verbose_name] += len(inspections)


def _found(inspection, standard, dice):
    """How one standard was found; a required one, of whatever went on to be approved, is met."""
    application, drawn, note = inspection.application, dice.random(), NOTES.get(standard.name, "")
    result = Result.MET
    if note and not (standard.is_required and application is not None and application.home):
        result = Result.UNMET if drawn < 0.06 else Result.PARTLY if drawn < 0.2 else Result.MET
    if not standard.is_required and 0.2 <= drawn < 0.24:
        result, note = Result.NOT_HERE, NOT_HERE_WORDS
    return InspectionItem(
        inspection=inspection, standard=standard, name=standard.name, section=standard.section,
        is_required=standard.is_required, result=result, note="" if result == Result.MET else note,
    )  # fmt: skip


def _photograph():
    """The fields of a photograph of a hall with a row of windows."""
    picture = Image.new("RGB", (480, 320), "#f3ead7")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 224, 480, 320), fill="#c9a877")
    for left in (48, 184, 320):
        pen.rectangle((left, 56, left + 104, 168), fill="#bcdcea", outline="#7b5b3a", width=6)
        pen.rectangle((left + 8, 240, left + 96, 256), fill="#7b5b3a")
    buffer = BytesIO()
    picture.save(buffer, "JPEG")
    large, _ = renditions(ContentFile(buffer.getvalue()))
    field = InspectionPhoto._meta.get_field("picture")
    name = field.storage.save(field.generate_filename(None, large.name), large)
    return {
        "picture": name,
        "width": picture.width,
        "height": picture.height,
        "alt": "示例图：活动室，三扇窗，三张长桌",
    }
