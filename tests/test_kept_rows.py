"""Whether what is copied is what was made."""

import pickle

import pytest
from django.db import transaction

from activities.models import NoticeFile
from branches.models import Member
from tests import kept_rows
from tests.cast import make_cast


@pytest.mark.django_db
def test_copied_rows_are_the_rows_that_were_made(monkeypatch, tmp_path):
    monkeypatch.setattr(kept_rows, "FOLDER", tmp_path)
    stood = []
    for _ in ("made", "copied"):
        with transaction.atomic():
            made = kept_rows.stand("cast", make_cast)
            rows = {label: sorted(some, key=repr) for label, some in kept_rows._rows().items()}  # in any order
            stood.append((rows, made))
            transaction.set_rollback(True)
    assert stood[0] == stood[1]
    assert Member.objects.count() == 0
    assert len(stood[0][0]["branches.Member"]) == len(pickle.loads(made).members) * 3  # noqa: S301 - our own


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_thrown_away_is_there_again(monkeypatch, tmp_path):
    monkeypatch.setattr(kept_rows, "FOLDER", tmp_path)
    with transaction.atomic():
        kept_rows.stand("cast", make_cast)
        file = NoticeFile.objects.first().file
        file.storage.delete(file.name)
        transaction.set_rollback(True)
    kept_rows.stand("cast", make_cast)
    assert file.storage.exists(file.name)
