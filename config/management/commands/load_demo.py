"""manage.py load_demo [DIR] [--scale N]: samples around the district's own data, for a demo only."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from activities.demo import Season, load_activities
from branches.data_folder import DataError, Folder
from branches.demo import Size
from branches.loading import Arrivals
from branches.models import Member
from config.content_version import content
from config.demo_figures import load_figures
from config.demo_logins import DEMO_LOGINS
from homes.circles.computing import compute_all
from homes.demo import load_samples
from homes.demo_projects import load_projects
from homes.search.index import index_all
from volunteers.demo import Troop, load_volunteers
from volunteers.demo_letters import load_letters, load_objections

REGISTER = Size()
SEASON = Season()
TROOP = Troop()
LARGEST = 300  # times 29 homes: the four digits of their telephone numbers hold 9,999


class Command(BaseCommand):
    help = "装入示例数据和试用账号，只在 DEMO=1 时可用。可以重复运行；--scale 变大时只增加。"

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, help="数据文件夹，默认是设置里的 DISTRICT_DIR")
        parser.add_argument("--scale", type=scale, default=1, metavar="N", help=f"放大到几倍，1 到 {LARGEST}")

    def handle(self, *, folder, scale, **options):
        if not settings.DEMO:
            raise CommandError("这不是演示环境（DEMO 不是 1），不能装入示例数据：居民会把编造的地址和电话当真。")
        if Member.objects.filter(is_sample=False).exists() and not Member.objects.filter(is_sample=True).exists():
            raise CommandError("这个数据库里是真的党员，不能掺进示例数据：把 DEMO=1 去掉，或者换一个空的数据库。")
        arrivals = Arrivals()
        try:
            with transaction.atomic():
                folder = Folder(folder or settings.DISTRICT_DIR)
                load_samples(folder, arrivals, scale=scale, logins=DEMO_LOGINS, register=REGISTER)
                load_projects(arrivals)
                load_volunteers(arrivals, troop=TROOP)
                load_letters(arrivals, number=TROOP.letters)
                load_objections(arrivals)
                load_activities(folder, arrivals, season=SEASON)
                load_figures(arrivals)
        except DataError as error:
            raise CommandError(f"没有装入，一条也没有改动：\n{error}") from error
        if arrivals.created:
            compute_all()  # rows written in bulk are not computed by themselves
        index_all()
        content.renew()  # rows written in bulk announce nothing
        self.stdout.write("\n".join(arrivals.report()))


def scale(text):
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= LARGEST:
        raise argparse.ArgumentTypeError(f"应当是 1 到 {LARGEST} 的整数")
    return number
