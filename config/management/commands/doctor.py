"""manage.py doctor: look a deployment over, and explain what is the matter. It changes nothing."""

from django.core.management.base import BaseCommand

from config.findings import CHECKS, Level, examined


class Command(BaseCommand):
    help = "检查这台机器上的网站：设置、权限、数据库、磁盘、备份、邮件、时钟……逐项说明怎么办。有要处理的，返回值是1。"
    requires_system_checks = []

    def handle(self, **options):
        found = examined(CHECKS.values())
        for each in found:
            self.stdout.write(f"[{each.level.word}] {each.name}：{each.said}")
            if each.todo:
                self.stdout.write(f"    怎么办：{each.todo}")
        counted = {level: sum(each.level == level for each in found) for level in Level}
        self.stdout.write(f"要处理：{counted[Level.WRONG]}，留意：{counted[Level.LOOK]}，正常：{counted[Level.FINE]}")
        if counted[Level.WRONG]:
            raise SystemExit(1)
