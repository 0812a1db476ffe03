"""manage.py load_district [DIR]: everything that is known about the district, from a data folder."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from activities.loading import load_activity_kinds
from branches.data_folder import DataError, Folder
from branches.loading import Arrivals, load_calendar, load_care_classes, load_divisions, load_figures
from config.content_version import content
from homes.loading import load_facilities, load_homes, load_standards, load_themes
from homes.loading_projects import load_projects
from homes.search.index import index_all
from volunteers.loading import load_teams

STEPS = (
    load_divisions, load_figures, load_calendar, load_care_classes, load_facilities, load_standards, load_themes,
    load_homes, load_projects, load_teams, load_activity_kinds,
)  # fmt: skip


class Command(BaseCommand):
    help = "装入一个区的数据：区划、轮廓、主题、设施、已知的家、公布过的数字等。可以重复运行，不改工作人员编辑过的。"

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, help="数据文件夹，默认是设置里的 DISTRICT_DIR")
        parser.add_argument("--update", action="store_true", help="和数据文件夹不一样的地方，改成文件夹里的内容")

    def handle(self, *, folder, update, **options):
        arrivals = Arrivals(update=update)
        try:
            load(Folder(folder or settings.DISTRICT_DIR), arrivals)
        except DataError as error:
            raise CommandError(f"没有装入，一条也没有改动：\n{error}") from error
        index_all()
        content.renew()  # rows written in bulk announce nothing
        self.stdout.write("\n".join(arrivals.report()))


@transaction.atomic
def load(folder, arrivals):
    """All of the folder or nothing."""
    for step in STEPS:
        step(folder, arrivals)
