"""Sealed fields: what the database holds, what Python sees, how they are found, and new keys for old."""

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection

from branches.key_rotation import sealed_fields
from branches.models import AuditEntry, CareVisit, Member
from branches.sealing import keyed_hash, reseal, seal, telephone_index, unseal
from tests.cast import make_cast
from tests.districts.folders import run

OLD, NEW, STRANGE = (Fernet.generate_key().decode() for _ in range(3))


def stored(model, field):
    """The bytes of a sealed column as they are in the table, by primary key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {model._meta.pk.column}, {field} FROM {model._meta.db_table}")  # noqa: S608 - own names
        return dict(cursor.fetchall())


def test_a_text_comes_back(settings):
    assert unseal(seal("示例路8号")) == "示例路8号"
    assert seal("") == unseal("") == ""
    assert seal("同一句话") != seal("同一句话")


def test_without_its_key_it_stays_shut(settings):
    settings.FIELD_KEYS = [OLD]
    token = seal("示例路8号")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(ValueError, match="FIELD_KEYS"):
        unseal(token)

    settings.FIELD_KEYS = [NEW, OLD]
    renewed = reseal(token)
    settings.FIELD_KEYS = [NEW]
    assert unseal(renewed) == "示例路8号"


def test_a_telephone_is_found_however_it_is_written():
    assert telephone_index("138 1234-5678") == telephone_index("13812345678") != telephone_index("13812345679")
    assert telephone_index("") == telephone_index("没有") == ""
    assert keyed_hash("1", "telephone") != keyed_hash("1", "another")


def test_another_site_hashes_otherwise(settings):
    here = telephone_index("13812345678")
    settings.INDEX_KEY = "of another site"
    assert telephone_index("13812345678") != here


def test_the_table_and_its_history_hold_no_plain_text(db):
    member = Member.objects.create(name="张三", telephone="10004567891", address="示例路8号")
    for model in (Member, Member.history.model):
        for field, text in (("telephone", "10004567891"), ("address", "示例路8号")):
            (token,) = stored(model, field).values()
            assert text not in token
            assert unseal(token) == text
    assert Member.objects.by_telephone("1000 456 7891").get() == member
    assert not Member.objects.by_telephone("").exists()


def test_a_sealed_field_cannot_be_searched_or_overfilled(db):
    with pytest.raises(TypeError, match="cannot be looked up"):
        Member.objects.filter(telephone="10004567891").exists()
    with pytest.raises(ValidationError, match="address"):
        Member(name="张三", address="长" * 121).full_clean()


# --- new keys for old ------------------------------------------------------------------------------------------------


@pytest.fixture
def cast_of_old(settings, db):
    """The cast, sealed with the key OLD throughout, histories and a second log-in step among it."""
    settings.FIELD_KEYS = [OLD]
    cast = make_cast()
    apps.get_model("mfa", "Authenticator").objects.create(
        user=cast.secretary, type="totp", data={"secret": seal("geheim"), "other": 1}
    )
    settings.FIELD_KEYS = [NEW, OLD]
    return cast


def test_every_sealed_column_is_known():
    names = {f"{model._meta.model_name}.{field.name}" for model, field in sealed_fields()}
    for model, fields in (("member", ("telephone", "address", "contact", "care_class")), ("carevisit", ("note",))):
        for field in fields:
            assert {f"{model}.{field}", f"historical{model}.{field}"} <= names


def test_after_the_rotation_the_old_key_is_no_longer_needed(cast_of_old, settings):
    before = {member.pk: (member.telephone, member.address, member.care_class) for member in Member.objects.all()}
    past = sorted(Member.history.values_list("history_id", "telephone", "contact"))

    report = run("rotate_keys")

    settings.FIELD_KEYS = [NEW]
    assert {m.pk: (m.telephone, m.address, m.care_class) for m in Member.objects.all()} == before
    assert sorted(Member.history.values_list("history_id", "telephone", "contact")) == past
    assert all(visit.note for visit in [*CareVisit.objects.all(), *CareVisit.history.all()])
    (step,) = apps.get_model("mfa", "Authenticator").objects.all()
    assert unseal(step.data["secret"]) == "geheim"
    assert step.data["other"] == 1
    assert "branches.historicalmember.telephone：换过 9，本来就是新的 0，打不开 0" in report
    assert Member.objects.by_telephone(before[cast_of_old.members["here"].pk][0]).get() == cast_of_old.members["here"]
    entry = AuditEntry.objects.get(action="keys")
    assert entry.data["counts"]["resealed"] > 40


def test_begun_again_it_goes_on_where_it_stopped(cast_of_old):
    cast_of_old.members["here"].refresh_from_db()
    cast_of_old.members["here"].save()  # one is sealed with the new key already
    fresh = stored(Member, "telephone")

    first, second = run("rotate_keys"), run("rotate_keys")

    assert "branches.member.telephone：换过 8，本来就是新的 1，打不开 0" in first
    assert stored(Member, "telephone")[cast_of_old.members["here"].pk] == fresh[cast_of_old.members["here"].pk]
    assert second.splitlines()[-1].startswith("合计：换过 0，")


def test_what_no_key_opens_is_told_and_left_alone(cast_of_old, settings):
    before = stored(Member, "telephone")
    settings.FIELD_KEYS = [NEW, STRANGE]

    with pytest.raises(CommandError, match="旧钥匙先不要拿掉"):
        run("rotate_keys")

    assert stored(Member, "telephone") == before
    assert AuditEntry.objects.get(action="keys").data["counts"]["unreadable"] > 40
