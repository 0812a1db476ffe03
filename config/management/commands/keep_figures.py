"""manage.py keep_figures: what the records say today, kept. Run by a timer every day; once more changes nothing."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from branches.figures import keep
from config.content_version import content
from config.figures import COUNTS, counted, of_places


class Command(BaseCommand):
    help = "把今天数出来的数字留下来，全区的和各街道的，每个月的变化就看得出来。每天运行一次，可以重复运行。"

    def handle(self, **options):
        kept = keep(of_places(counted(COUNTS)), on=timezone.localdate(), is_sample=settings.DEMO)
        if kept:
            content.renew()  # rows written in bulk announce nothing
        self.stdout.write(f"新留下的数字：{kept}")
