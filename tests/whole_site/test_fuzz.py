"""Every form there is, with what nobody expects: nothing breaks, nothing comes back as markup, nobody is led away.

Forms are found by following links, so that one added tomorrow is tried by itself. What finds most for its time is sent
here; `make drill-fuzz` sends every text into every field, as everybody, on both databases.
"""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, Error, connection, models, transaction
from django.http import HttpResponse
from django.utils.html import escape

from branches.sealing import SealedTextField
from config import open_forms
from config.limits import Flood, Limit
from homes.models import Home
from tests.whole_site.busy import make_busy
from tests.whole_site.forms import Field, Form
from tests.whole_site.fuzz import STAFF_STARTS, Fuzz, every, few, resident_of
from tests.whole_site.hostile import CANARY, UNESCAPED, WORD

pytestmark = pytest.mark.once  # what only PostgreSQL refuses is refused here too
PEOPLE = ("technician", "organiser")  # one who may open every page, and one whose posts go to somebody else
KEYS = r"code|_index|hash|mark|key|token|digest|kind$|password|username"  # columns that hold no words
EVERYBODY = ("technician", "district_officer", "street_officer", "officer", "secretary", "organiser", "auditor")


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """One person may send a thousand forms a second."""
    monkeypatch.setattr(open_forms, "FASTEST", -1)
    for limit in (Limit, Flood):
        monkeypatch.setattr(limit, "take", lambda self, key: True)
    monkeypatch.setattr(Limit, "is_reached", lambda self, key: False)


@pytest.fixture(autouse=True)
def as_strict_as_postgresql(db):
    """On SQLite, too, refuse what PostgreSQL keeps in no text."""

    def refuse(execute, sql, params, many, context):
        for value in [each for row in params for each in row] if many else params or ():
            if isinstance(value, str) and re.search("[\0\ud800-\udfff]", value):
                raise DataError(f"PostgreSQL keeps no {value[:40]!r}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def send(request):
    """`send(fuzz, forms)`: as the option of the run says."""
    whole = request.config.getoption("--every-text")

    def send_each(fuzz, forms):
        for number, form in enumerate(forms):
            every(form, fuzz) if whole else few(form, fuzz, number)
        return fuzz.wrong

    send_each.everything, send_each.people = whole, EVERYBODY if whole else PEOPLE
    return send_each


def test_forms_for_everybody(cast, client_of, send):
    make_busy(cast)
    assert planted() > 100
    client, starts = resident_of(cast, client_of(None))
    fuzz = Fuzz(client)
    forms = fuzz.forms([*starts, "/account/login/"], staff=False)
    assert send(fuzz, forms.values()) == {}
    assert fuzz.told > 50  # pages that show what was planted, as words
    assert {"help/ask/", "teams/<slug:slug>/join/", "activities/<int:pk>/sign-up/", "volunteer/me/"} <= fuzz.accepted


def test_forms_for_staff(cast, client_of, send):
    make_busy(cast)
    planted()
    met, accepted, wrong = set(), set(), {}
    for person in send.people:
        fuzz = Fuzz(client_of(cast.people[person]))
        found = fuzz.forms(STAFF_STARTS, staff=True)
        wrong |= send(fuzz, [form for kind, form in found.items() if send.everything or kind not in met])
        met |= found.keys()
        accepted |= fuzz.accepted
        assert fuzz.told > 50
    assert wrong == {}
    assert len(met) > 200
    assert len(accepted) > 80  # with something hostile in it, as far as the database
    names = {path.name for store in ("media", "private") for path in (settings.DATA_DIR / store).rglob("*")}
    assert [name for name in names if WORD in name or not re.fullmatch(r"[\w-]+(\.\w+)?", name, re.ASCII)] == []


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (HttpResponse(f"<p>{CANARY}</p>"), UNESCAPED[0]),
        (HttpResponse(f'<a title="{WORD}\'">{WORD}\'"</a>'), "<a title="),
        (HttpResponse(f"<title>{CANARY}</title>", content_type="application/atom+xml"), UNESCAPED[0]),
        (HttpResponse(status=500), "500"),
        (HttpResponse(status=302, headers={"Location": "//evil.example/"}), "evil"),
        (HttpResponse(status=302, headers={"Location": "/\\evil.example/"}), "evil"),
        (ZeroDivisionError("of the test"), "ZeroDivisionError: of the test"),
    ],
)
def test_the_judge_sees_what_is_wrong(client, answer, seen):
    def ask():
        if isinstance(answer, Exception):
            raise answer
        return answer

    fuzz = Fuzz(client)
    fuzz.judge(Form("/", "/", "post", {"name": Field("name", "text")}), "a text", ask)
    assert seen in str(fuzz.wrong)
    fuzz.judge(Form("/", "/", "get"), "words", lambda: HttpResponse(f"<p>{escape(CANARY)}</p>"))
    assert len(fuzz.wrong) == 1


def test_what_only_postgresql_refuses_is_refused(db):
    with pytest.raises(DataError), transaction.atomic():
        Home.objects.filter(name="\0").exists()


def test_more_than_anybody_sends(cast, client):
    """Long texts, many fields, many files: refused, or a word beside the field."""
    for address, name in (("/letters/write/", "body"), ("/help/ask/", "what"), ("/account/login/", "login")):
        assert client.post(address, {name: "长" * 350_000}).status_code in (200, 400)  # a megabyte
        assert client.post(address, {f"f{number}": "x" for number in range(5000)}).status_code == 400
        files = {f"f{number}": SimpleUploadedFile("x.png", b"x") for number in range(200)}
        assert client.post(address, files).status_code == 400


# --- what is stored
def planted():
    """Write the canary into every column that holds words; return how many took it."""
    number = 0
    for model in apps.get_models():
        if model._meta.app_label not in {"branches", "homes", "volunteers", "activities"}:
            continue
        for field in model._meta.concrete_fields:
            if not holds_words(field) or "audit" in model.__name__.lower():
                continue
            try:
                with transaction.atomic():
                    rows = model._base_manager.exclude(**{f"{field.name}__isnull": True})
                    number += bool(rows.update(**{field.name: CANARY}))
            except Error:
                continue  # the database knows what may stand there
    return number


def holds_words(field):
    if isinstance(field, SealedTextField):
        return True
    is_text = isinstance(field, (models.CharField, models.TextField)) and not isinstance(
        field, (models.SlugField, models.URLField, models.FilePathField)
    )
    is_key = field.choices or field.unique or re.search(KEYS, field.name)
    return is_text and not is_key and (field.max_length is None or field.max_length >= len(CANARY))
