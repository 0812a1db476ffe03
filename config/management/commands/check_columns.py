"""manage.py check_columns: whether a public column is empty or stale. Run by a timer; it changes nothing."""

from django.core.management.base import BaseCommand

from config.columns import columns


class Command(BaseCommand):
    help = "看公开栏目有没有空着、过期的。有就逐个说明，返回值是1。"

    def handle(self, **options):
        found = columns()
        for each in found:
            changed = f"{each.changed_on:%Y-%m-%d}" if each.changed_on else "没有"
            limit = each.column.limit.days
            self.stdout.write(f"{each.state.value}  {each.column.name}  最近更新 {changed}  期限 {limit}天")
        wrong = sum(each.state.is_wrong for each in found)
        self.stdout.write(f"空着或者过期的：{wrong}")
        if wrong:
            raise SystemExit(1)
