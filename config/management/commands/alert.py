"""manage.py alert: tell the technician what is the matter. Run by a timer every five minutes; tells each thing once."""

from django.core.management.base import BaseCommand, CommandError

from config import alerts


class Command(BaseCommand):
    help = (
        "看有没有要马上知道的事（数据库、磁盘、备份、出错、登录失败、大的导出、审计、定时任务），有就发到 ALERT_EMAIL "
        "或 ALERT_WEBHOOK，一件事只说一次，好了再说一次。每五分钟运行一次，可以重复运行。"
    )
    requires_system_checks = []

    def handle(self, **options):
        fresh, over, told = alerts.news()
        if fresh or over:
            text = alerts.words(fresh, over)
            self.stdout.write(text)
            try:
                failed = alerts.tell(text, len(fresh) + len(over))
            except alerts.NotToldError as error:
                raise CommandError(f"没有发出去，下次再发。请核对{error}。") from error
            if failed:  # not the end: somebody was told, and would be told of this over and over
                self.stderr.write(f"只有一样发出去了，请核对{failed}。")
        alerts.remember(told)
        self.stdout.write(f"新的：{len(fresh)}，已经好了的：{len(over)}")
