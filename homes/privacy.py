"""How long the files of an application are kept: as long as its home, and a year where none came of it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from branches.privacy import KINDS, Kind
from homes.models import ApplicationDocument, HomeApplication

KEPT = timedelta(days=366)
Status = HomeApplication.Status
NOTHING_CAME_OF_IT = (Status.DRAFT, Status.WITHDRAWN, Status.REJECTED)


def old_files():
    """Documents of drafts left alone for a year, of what was withdrawn or rejected a year ago; and those put aside."""
    limit = timezone.now() - KEPT
    ended = Q(application__status__in=NOTHING_CAME_OF_IT, application__updated_at__lt=limit)
    put_aside = Q(is_archived=True, application__updated_at__lt=limit)
    return ApplicationDocument.objects.filter(ended | put_aside).exclude(file="").order_by("pk")


def _let_go(rows):
    """The row stays, with its title: what was handed in is still known."""
    for row in rows:
        storage, name = row.file.storage, row.file.name
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
    rows.update(file="")


def register():
    """Tell branches/privacy.py what is let go of by time."""
    KINDS["application_files"] = Kind("没有建成家的申报：一年以前的材料文件", old_files, _let_go)
