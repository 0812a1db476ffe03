"""The gallery shows every component, and what it shows is sound."""

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from config.gallery import SampleForm
from config.templatetags import drawings
from homes.models import Theme

TEMPLATES = Path(settings.BASE_DIR, "templates")
COMPONENTS = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("components/**/*.html")}


@pytest.fixture
def gallery(db, client):
    response = client.get("/gallery/")
    assert response.status_code == 200
    return response


def test_no_component_is_missing_from_the_gallery(gallery):
    shown = {template.name for template in gallery.templates}
    assert COMPONENTS - shown == set()


def test_every_mark_is_drawn():
    assert {Path(name).stem for name in COMPONENTS if name.startswith("components/marks/")} == set(Theme.Mark.values)


def test_every_kind_of_activity_is_drawn():
    drawn = {Path(name).stem for name in COMPONENTS if name.startswith("components/kinds/")}
    assert drawn == {*drawings.KINDS, drawings.OTHER_KIND[0]}
    for file in Path(settings.BASE_DIR, "config", "districts").glob("*/activity_kinds.csv"):
        with file.open(encoding="utf-8-sig", newline="") as rows:
            assert {row["slug"] for row in csv.DictReader(rows)} <= drawn


def test_search_engines_are_asked_to_leave_it_out(gallery):
    assert '<meta name="robots" content="noindex">' in gallery.text


def test_ids_are_unique(gallery):
    ids = re.findall(r'\sid="([^"]+)"', gallery.text)
    assert sorted(ids) == sorted(set(ids))


def test_a_wrong_form_says_so_in_chinese_and_leads_to_each_field(gallery):
    summary = re.search(r'<div class="govuk-error-summary".*?</ul>', gallery.text, re.DOTALL)[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == [
        "id_wrong-name",
        "id_wrong-telephone",
        "id_wrong-street",
        "id_wrong-kind_1",
        "id_wrong-words",
        "id_wrong-agreed",
    ]
    assert [target for target in targets if f'id="{target}"' not in gallery.text] == []
    words = re.sub(r"<[^>]+>", " ", summary)
    assert "有几处要改一下" in words
    assert re.findall(r"[A-Za-z]{2,}", words) == []
    assert "Error" not in gallery.text


def test_what_was_typed_is_kept(gallery):
    assert "字" * 201 in gallery.text


def test_the_gallery_is_stored_for_everybody(gallery, client):
    assert "csrfmiddlewaretoken" not in gallery.text
    assert client.get("/gallery/", headers={"if-none-match": gallery["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/gallery/", "/gallery/?page=abc", "/gallery/?page=9999"])
def test_nothing_in_the_address_breaks_it(db, client, path):
    assert client.get(path).status_code == 200


def test_the_choice_of_size_is_marked_and_comes_back_here(gallery, client):
    assert 'name="next" value="/gallery/"' in gallery.text
    client.cookies["display"] = "huge-high"
    page = client.get("/gallery/").text
    assert 'data-size="huge" data-contrast="high"' in page
    assert re.search(r'value="huge"[^>]*aria-pressed="true"', page)
    assert re.search(r'value="standard"[^>]*aria-pressed="false"', page)
    assert re.search(r'name="contrast" value="normal" aria-pressed="true"', page)


def test_an_error_summary_takes_the_focus_by_itself():
    context = {"form": SampleForm({})}
    assert " autofocus>" in render_to_string("components/error_summary.html", context)
    assert " autofocus>" not in render_to_string("components/error_summary.html", context | {"still": True})
    assert render_to_string("components/error_summary.html", {"form": SampleForm()}).strip() == ""
