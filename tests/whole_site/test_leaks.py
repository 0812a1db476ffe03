"""Nothing of a draft reaches residents, and nothing of another area reaches its neighbour's staff.

Every record of an area carries that area's canary (tests/cast.py). These tests read everything that links lead to,
type-ahead, searches and refused forms, and listen for birds that do not belong there.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.forms import ModelChoiceField

from branches.access import Action, allowed
from branches.models import Division, Member, User
from homes import founding, granting
from homes.models import Demonstration, Home, ObservationVisit
from tests.cast import AREAS, ASKING, BOOKED, CANARIES, SERVING, TELEPHONES, ask_for_exports, make_deliveries
from tests.makers import call_off, make_home, make_photo
from tests.whole_site.pages import crawl, form_data
from tests.whole_site.public_addresses import PUBLIC, at
from tests.whole_site.records import snapshot

STAFF = ("officer", "next_door_officer", "street_officer", "organiser", "auditor")
EDITORS = ("officer", "street_officer", "organiser")
MOBILE = re.compile(r"(?<![\da-f])1[3-9]\d{9}(?![\da-f])")  # not a piece of a digest or of a file's name
CHANGES_STATE = ("/admin/logout/", "/admin/jsi18n/")


@pytest.fixture
def full_cast(cast):
    """The cast with photographs, a demonstration site in each area, a closed home, and rows with a past."""
    ask_for_exports(cast)
    make_deliveries(cast)
    for area in AREAS:
        make_photo(cast.homes[area])
        make_photo(cast.drafts[area])
        Demonstration.objects.create(home=cast.homes[area], granted_on="2022-10-01")
        grant = granting.plan(
            by=cast.district_officer, home=cast.homes[area], year=2026, purpose=f"{CANARIES[area]}添桌椅", planned="9"
        )
        grant = granting.approve(grant, by=cast.technician, amount="9")
        granting.pay(grant, by=cast.district_officer, amount="3", voucher=f"{CANARIES[area]}-1")
        ObservationVisit.objects.create(
            home=cast.homes[area], on="2026-10-01", guests=f"{CANARIES[area]}邻县", secretaries=3, shown="活动室"
        )
        founding.confirm_facts(cast.homes[area], by=cast.district_officer)
        closed = make_home(
            cast.communities[area],
            f"{CANARIES[area]}旧址",
            f"{area}-closed".replace("_", "-"),
            telephone=f"{TELEPHONES[area]}3",
        )
        founding.archive(closed, by=cast.district_officer, reason=f"{CANARIES[area]}搬走了")
    return cast


pytestmark = pytest.mark.once  # who meets which rows is asked on both by the tests of verbs and by test_access
TRAIL = "/admin/branches/auditentry/"  # for those who audit everybody: it names accounts and posts, and masks members


def foreign_canaries(cast, person):
    """Texts that must not reach this person."""
    foreign = set(AREAS) - cast.areas_of(person)
    return [CANARIES[area] for area in foreign] + [TELEPHONES[area] for area in foreign]


def heard(text, canaries):
    return [canary for canary in canaries if canary in text]


# --- residents
def unpublished(cast):
    """Names and numbers of drafts, archived homes, staff, of those who signed up, wrote or asked; what they said."""
    names = [user.name for user in User.objects.all()] + [home.name for home in cast.drafts.values()]
    names += [activity.title for activity in cast.draft_activities.values()]
    names += [project.name for project in cast.proposals.values()]
    names += [record.code for record in (*cast.bookings.values(), *cast.volunteers.values())]
    names += [order.code for order in cast.orders.values()]
    names += [each.name for each in cast.applications.values() if each.status != "public_notice"]
    for letter in (*cast.letters.values(), *cast.new_letters.values()):
        names += [letter.code, letter.subject, letter.body, letter.name, letter.telephone]
    for area in AREAS:
        names += [f"{CANARIES[area]}来宾", f"{CANARIES[area]}同伴", f"{CANARIES[area]}坐前排", BOOKED[area]]
        names += [f"{CANARIES[area]}志愿者", f"{CANARIES[area]}报名者", f"{CANARIES[area]}早上有空", *SERVING[area]]
        names += [f"{CANARIES[area]}{of}" for of in ("漏水", "婆婆", "家园5栋", "外孙", "唱完戏")] + [ASKING[area]]
        names += [f"{CANARIES[area]}添桌椅", f"{CANARIES[area]}-1"]
        names += [f"{CANARIES[area]}新家的{of}" for of in ("支部", "场所", "队伍", "打算", "证明")]
        names += [f"{CANARIES[area]}旧址", f"{TELEPHONES[area]}2", f"{TELEPHONES[area]}3"]
    return names


def test_no_public_page_tells_of_drafts_archives_or_staff(full_cast, client):
    starts = [
        at(address, full_cast)
        for address, reading, _ in PUBLIC.values()
        if reading == 200 and not address.startswith("{")
    ]
    starts += ["/homes/?q=草稿", "/homes/?q=旧址", f"/near/?place={full_cast.communities['here'].code}"]
    hidden = unpublished(full_cast)
    leaks, pages, told = {}, 0, ""
    for address, text in crawl(client, starts, lambda link: not link.startswith(("/static/", "/admin/")), limit=250):
        pages, told = pages + 1, told + text
        if found := heard(text, [*hidden, *MOBILE.findall(text)]):
            leaks[address] = found
    assert leaks == {}
    assert pages > 30
    assert all(home.name in told for home in full_cast.homes.values())  # what is public is there to be found


@pytest.mark.parametrize("step", ["archive", "publish"])
def test_a_home_is_gone_from_every_list_once_archived_and_there_once_published(full_cast, client_of, step):
    with transaction.atomic():
        if step == "archive":
            call_off(full_cast.homes["here"], by=full_cast.district_officer)
            home = founding.archive(full_cast.homes["here"], by=full_cast.district_officer, reason="搬家")
        else:
            home = founding.publish(full_cast.drafts["here"], by=full_cast.district_officer)
    lists = ["/homes/", "/themes/garden/", "/streets/990100001000/"]
    lists += ["/api/homes/", "/feeds/homes/", "/sitemap-homes.xml"]
    client = client_of(None)
    listed = {address for address in lists if f"/homes/{home.slug}/" in client.get(address).content.decode()}
    status = client.get(home.get_absolute_url()).status_code
    assert (listed, status) == ((set(), 404) if step == "archive" else (set(lists), 200))


# --- staff
def list_of(model):
    return f"/admin/{model._meta.label_lower.replace('.', '/')}/"


@pytest.mark.parametrize("person", [*STAFF, "technician"])
def test_staff_pages_tell_only_of_ones_own_area(full_cast, client_of, person):
    client = client_of(full_cast.people[person])
    canaries, leaks, told, read = foreign_canaries(full_cast, person), {}, "", set()
    own = [CANARIES[area] for area in full_cast.areas_of(person)]
    members = list(Member.objects.values_list("name", flat=True))

    def follow(link):  # another order of the same rows tells nothing new
        return link.startswith("/admin/") and not link.startswith(CHANGES_STATE) and "o=" not in link

    for address, text in crawl(client, ["/admin/"], follow, limit=90):
        told += text
        read.add(address)
        found = heard(text, [*members, *MOBILE.findall(text)] if address.startswith(TRAIL) else canaries)
        if found:
            leaks[address] = found
    assert leaks == {}
    assert set(heard(told, own)) == set(own)
    user = full_cast.people[person]
    # every list, and with it the choices of its filters
    assert {list_of(model) for model in admin.site._registry if allowed(user, Action.VIEW, model)} <= read


@pytest.mark.parametrize("person", STAFF)
def test_searching_for_a_neighbour_finds_nobody(full_cast, client_of, person):
    client, leaks = client_of(full_cast.people[person]), {}
    for model, model_admin in admin.site._registry.items():
        if not model_admin.search_fields:
            continue
        for area in set(AREAS) - full_cast.areas_of(person):
            # each is asked for by its number and listened for by its name, for the question itself is repeated
            address = list_of(model)
            response = client.get(address, {"q": TELEPHONES[area]})
            if CANARIES[area] in response.content.decode():
                leaks[address] = area
            if response.status_code == 403:
                break  # the list itself is refused, whatever is asked for
    assert leaks == {}


@pytest.mark.parametrize("person", STAFF)
def test_type_ahead_offers_only_what_is_ones_own(full_cast, client_of, person):
    client, answered, leaks = client_of(full_cast.people[person]), 0, {}
    canaries = foreign_canaries(full_cast, person)
    for model in admin.site._registry:
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if field.is_relation:
                for term in ("", *canaries[:1]):
                    response = client.get(
                        "/admin/autocomplete/",
                        {
                            "app_label": model._meta.app_label,
                            "model_name": model._meta.model_name,
                            "field_name": field.name,
                            "term": term,
                        },
                    )
                    assert response.status_code in (200, 403, 404)
                    answered += 1
                    if response.status_code != 200:
                        break  # refused before anybody looked at the term
                    if found := heard(response.content.decode("unicode_escape", "replace"), canaries):
                        leaks[f"{model.__name__}.{field.name} {term}"] = found
    assert answered > 10
    assert leaks == {}


def lookups(model):
    """Questions that a list could be asked about its rows, directly and one relation further."""
    for field in model._meta.get_fields():
        if field.is_relation and field.related_model:
            for far in field.related_model._meta.get_fields():
                if not far.is_relation:
                    yield f"{field.name}__{far.name}__startswith"
        else:
            yield f"{field.name}__startswith"
            yield f"{field.name}__regex"


@pytest.mark.parametrize("person", ["officer", "district_officer"])
def test_a_list_answers_no_questions_that_it_does_not_offer(full_cast, client_of, person):
    client, answered = client_of(full_cast.people[person]), []
    for model in admin.site._registry:
        if not allowed(full_cast.people[person], Action.VIEW, model):
            continue
        address = list_of(model)
        asked = dict.fromkeys(lookups(model), "金")  # at once: each is taken out of the address by itself
        response = client.get(address, asked)
        if response.status_code not in (400, 403):
            kept = parse_qs(urlsplit(response["Location"]).query) if response.status_code == 302 else asked
            answered += [f"{address}?{lookup}" for lookup in asked if lookup in kept]
    assert answered == []


# --- forms
def forms_of(cast, client, person, *, new):
    """(address, row or None, text, forms) for every form that this person can send; of a `new` row, where wanted."""
    user = cast.people[person]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.label_lower.replace('.', '/')}"
        rows = model._default_manager.visible_to(user, Action.CHANGE).order_by("pk")[:1]
        adding = [(f"{base}/add/", None)] if new else []
        for address, row in [*adding, *((f"{base}/{row.pk}/change/", row) for row in rows)]:
            response = client.get(address)
            if response.status_code == 200 and response.context.get("has_change_permission" if row else "adminform"):
                parts = [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
                yield address, row, response.content.decode(), [response.context["adminform"].form, *parts]


def outside(model, user):
    """Rows of `model` that this user may not see."""
    visible = model._default_manager.visible_to(user)
    return model._default_manager.exclude(pk__in=visible.values("pk"))


def filled(sent, form):
    """What the form would send, with something valid in each choice of a row and each field that must be filled."""
    values = dict(sent)
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if any(values.get(key, ())) or not (field.required or isinstance(field, ModelChoiceField)):
            continue
        if isinstance(field, ModelChoiceField):
            values[key] = [str(row.pk) for row in field.queryset[:1]]
        elif isinstance(field, forms.ChoiceField):
            values[key] = [next(str(choice) for choice, _ in field.choices if choice)]
        else:
            values[key] = ["2026-01-01" if isinstance(field, forms.DateField) else "7"]
    return values


@pytest.mark.parametrize("person", [*EDITORS, "district_officer"])
def test_no_form_accepts_a_row_of_another_area(full_cast, client_of, person):
    """Every choice of every form, with the number of a row that was not offered."""
    user, client = full_cast.people[person], client_of(full_cast.people[person])
    canaries, tried, accepted, usable = foreign_canaries(full_cast, person), 0, [], 0
    before = snapshot()

    def post(address, data):
        """(whether anything was written, the answer); written only for as long as it takes to look."""
        with transaction.atomic():
            response = client.post(address, data)
            written = response.status_code == 302 and snapshot() != before
            transaction.set_rollback(True)
        return written, response.content.decode()

    for address, row, text, (main, *parts) in forms_of(full_cast, client, person, new=True):
        sent = filled(form_data(text, f"{address.split('/')[3]}_form"), main)
        usable += row is None and post(address, sent)[0]
        for form in (main, *parts):
            for name, field in form.fields.items():
                if not isinstance(field, ModelChoiceField):
                    continue
                for foreign in outside(field.queryset.model, user)[:1]:
                    tried += 1
                    written, answer = post(address, sent | {form.add_prefix(name): [str(foreign.pk)]})
                    if written or heard(answer, canaries):
                        accepted.append(f"{address} {form.add_prefix(name)}={foreign.pk}")
    assert accepted == []
    assert tried > 0
    if person in ("street_officer", "district_officer"):
        assert usable > 0  # the forms were refused for the foreign row, not for something else


def other_value(field, row):
    """A value for `field` that the row does not have."""
    value = getattr(row, field.attname)
    if isinstance(field, models.BooleanField):
        return "" if value else "on"
    if field.choices:
        return next(choice for choice, _ in field.flatchoices if choice != value)
    if field.is_relation:
        other = field.related_model._default_manager.exclude(pk=value).first()
        return str(other.pk) if other else "1"
    if isinstance(field, models.DateField):
        return "2020-02-02"
    return "7"


@pytest.mark.parametrize("person", [*EDITORS, "district_officer"])
def test_fields_that_a_form_does_not_offer_cannot_be_sent(full_cast, client_of, person):
    client, tried, changed = client_of(full_cast.people[person]), 0, {}
    for address, row, text, (form, *_parts) in forms_of(full_cast, client, person, new=False):
        hidden = [
            field for field in row._meta.fields if field.name not in form.fields and not field.primary_key
            and not getattr(field, "auto_now", False)
        ]  # fmt: skip
        tried += len(hidden)
        sent = form_data(text, f"{address.split('/')[3]}_form")
        with transaction.atomic():
            response = client.post(address, sent | {field.name: [other_value(field, row)] for field in hidden})
            after = type(row)._default_manager.get(pk=row.pk)
            transaction.set_rollback(True)
        assert response.status_code == 302, f"{address} refused its own unchanged form"
        for field in hidden:
            if getattr(after, field.attname) != getattr(row, field.attname):
                changed[f"{address} {field.name}"] = getattr(after, field.attname)
    assert changed == {}
    assert tried > 0


@pytest.mark.parametrize("person", EDITORS)
def test_bulk_actions_touch_no_row_of_another_area(full_cast, client_of, person):
    user, client, before = full_cast.people[person], client_of(full_cast.people[person]), snapshot()
    for model, model_admin in admin.site._registry.items():
        rows = outside(model, user)
        names = [name for name, _ in model_admin.get_action_choices(_request_of(user))]
        for name in (*names, "delete_selected"):
            response = client.post(
                f"/admin/{model._meta.label_lower.replace('.', '/')}/",
                {"action": name, "_selected_action": [row.pk for row in rows], "confirmed": "1", "post": "yes"},
            )
            assert not heard(response.content.decode(), foreign_canaries(full_cast, person))
    assert snapshot() == before


def _request_of(user):
    from django.test import RequestFactory  # noqa: PLC0415 - the only request made by hand here

    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def test_no_name_of_a_row_holds_a_telephone_or_an_address(full_cast):
    told = [str(row) for model in (Home, Division, User, Demonstration) for row in model._default_manager.all()]
    assert [text for text in told if re.search(r"\d{5,}|路1号", text)] == []
