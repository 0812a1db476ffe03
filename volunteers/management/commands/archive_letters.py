"""manage.py archive_letters: what time asks of letters. Run by a timer once a day; once more changes nothing."""

from django.core.management.base import BaseCommand

from volunteers import mailbox


class Command(BaseCommand):
    help = "把答复满15天的信归档。每天运行一次，可以重复运行。"

    def handle(self, **options):
        self.stdout.write(f"归档：{mailbox.archive_over()}")
