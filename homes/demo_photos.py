"""Photographs for the sample homes: drawn, then taken in exactly as an uploaded photograph is."""

from io import BytesIO

from django.core.files.base import ContentFile

from homes.demo_pictures import draw
from homes.models import Photo, Theme
from homes.photos import renditions

VARIANTS = 4


def sample_photos(samples):
    """Unsaved `Photo` rows: a courtyard for four homes in five, a room as well for every second one.

    Each picture is drawn once and shared by the homes that want it, however many samples there are.
    """
    drawn = {}
    photos = []
    for sample in samples:
        if sample.number % 5 == 0:
            continue
        mark = sample.home.theme.mark if sample.home.theme else Theme.Mark.HOME
        variant = (sample.number - 1) // 5 % VARIANTS
        for order, indoors in enumerate((False, True) if sample.number % 2 else (False,)):
            wanted = (mark, variant // 2 if indoors else variant, indoors)
            if wanted not in drawn:
                drawn[wanted] = stored(*wanted)
            photos.append(Photo(home=sample.home, order=order, is_sample=True, **drawn[wanted]))
    return photos


def stored(mark, variant, indoors):
    """Draw a picture and keep its two files; return the fields of a photo that shows it, of a home or a project."""
    picture, alt = draw(mark, variant, indoors=indoors)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    fields = {"alt": alt, "width": picture.width, "height": picture.height}
    for name, content in zip(("large", "small"), renditions(ContentFile(buffer.getvalue())), strict=True):
        field = Photo._meta.get_field(name)
        fields[name] = field.storage.save(field.generate_filename(None, content.name), content)
    return fields
