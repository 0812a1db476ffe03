"""Asking for help as a browser does, for the tests: what the form would send, and a small place where there is help."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.activities.filling_in import filled, text
from tests.activities.town import make_town
from tests.volunteers.errands import make_branch, make_category
from volunteers.models import ServiceOrder

TELEPHONE = "19900008101"
ASKED = {"what": "客厅的灯不亮了", "name": "示例奶奶", "telephone": TELEPHONE, "place": "示例小区3栋"}


def make_categories():
    """Something that takes a skill, and whatever else there is."""
    return make_category("repairs", name="小修小补", order=10), make_category(
        "other", name="别的事", order=90, elsewhere="12345热线"
    )


def make_place():
    """The home of a town with one branch, where there is something to ask for."""
    make_categories()
    home = make_town()
    make_branch(home)
    return home


def main(response):
    """What a page says beside its head and foot."""
    return text(response).partition("<main")[2].partition("</main>")[0]


def ask(client, clock, address="/help/ask/", **given):
    """The answer to the filled-in form."""
    category = ServiceOrder.category.field.related_model.objects.first()
    typed = ASKED | {"category": category.pk if category else "", "proxy": "", "wish": ""}
    return client.post(address, filled(client, address, clock) | typed | given)


def picture(name="照片.jpg", kind="JPEG", **saved):
    """A photograph as a telephone sends it."""
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, kind, **saved)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")
