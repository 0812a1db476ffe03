"""manage.py purge [--dry-run]: let go of what is kept longer than it may be. Run by a timer once a day."""

from django.core.management.base import BaseCommand

from branches import audit, privacy
from branches.management.commands.erase_person import AGAIN
from branches.residue import scrub


class Command(BaseCommand):
    help = "清理超过保存期限的个人信息（期限见 docs/privacy.md）。--dry-run 只数一数，不改动。可以重复运行。"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只打印各有多少，不改动")

    def handle(self, *, dry_run, **options):
        counts = privacy.overdue() if dry_run else privacy.purge()
        for kind, count in counts.items():
            self.stdout.write(f"{privacy.KINDS[kind].name}：{count}")
        if dry_run:
            self.stdout.write("试算，没有改动。")
            return
        # the timer's log lies outside the database: who cuts off the end of the trail cannot cut it off there
        self.stdout.write("审计末端：{}:{}".format(*audit.head()))
        if not scrub():
            self.stdout.write(AGAIN)
