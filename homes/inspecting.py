"""Going to look, with the checklist (立线达标) in hand: the place of an application, or a home."""

from django.db import transaction

from branches import steps
from branches.transitions import IllegalTransition, not_later_than_today
from homes import applying
from homes.models import Home, Inspection, InspectionItem, InspectionPhoto, Standard


@transaction.atomic
def inspect(*, by, words, results, application=None, home=None, on=None, photos=()):
    """Keep what was seen: `results` is {Standard: (Result, note)} for every standard in use; photos [(file, alt)].

    `file` is the larger of what homes/photos.py makes. Returns the inspection; it is never changed.
    """
    on = not_later_than_today(on, "检查")
    if not words.strip():
        raise IllegalTransition("请写一句看到了什么。")
    if application is not None:
        application = applying.visited(application, by=by)
        home = application.home
    else:
        home = Home.objects.select_for_update().get(pk=home.pk)  # of two at once one comes first
    standards = list(Standard.objects.in_use())
    if {standard.pk for standard in results} != {standard.pk for standard in standards}:
        raise IllegalTransition("标准刚刚有变动，请看看现在的样子，再填一次。")
    inspection = Inspection(application=application, home=home, on=on, by=by, words=words.strip())
    items = [_item(inspection, standard, *results[standard]) for standard in standards]
    if _kept_already(inspection, items):
        raise IllegalTransition("一模一样的检查已经记过了，没有再记。")
    steps.save_with_history(inspection, "inspect", by=by)
    InspectionItem.objects.bulk_create(items)
    for file, alt in photos:
        InspectionPhoto.objects.create(inspection=inspection, picture=file, alt=alt)
    return inspection


def enter(inspections, items, photos, *, by, reason):
    """Enter unsaved inspections (samples) with their items and photographs; for the loading of data."""
    steps.remember(inspections, by=by, reason=reason)
    InspectionItem.objects.bulk_create(items, batch_size=500)
    InspectionPhoto.objects.bulk_create(photos, batch_size=500)


def _kept_already(inspection, items):
    """Whether the same was written down before, word by word: a form that is sent twice counts once."""
    same = Inspection.objects.filter(
        application=inspection.application, home=inspection.home, on=inspection.on, by=inspection.by,
        words=inspection.words,
    )  # fmt: skip
    found = [(item.standard_id, item.result, item.note) for item in items]
    return any(list(each.items.values_list("standard", "result", "note")) == found for each in same)


def _item(inspection, standard, result, note):
    result, note = InspectionItem.Result(result), note.strip()
    if result in InspectionItem.WITH_NOTE and not note:
        raise IllegalTransition(f"“{standard}”没有全部达标，请写一句差在哪里。")
    return InspectionItem(
        inspection=inspection, standard=standard, name=standard.name, section=standard.section,
        is_required=standard.is_required, result=result, note=note,
    )  # fmt: skip
