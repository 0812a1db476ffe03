"""manage.py dispatch_orders: what time asks of orders. Run by a timer every five minutes; once more changes nothing."""

from django.core.management.base import BaseCommand

from volunteers import dispatching, ordering, sending


class Command(BaseCommand):
    help = "收回过了回话时间的派单，结掉一星期没有评价的单，发出短信。每五分钟运行一次，可以重复运行。"

    def handle(self, **options):
        self.stdout.write(f"过了回话时间的：{dispatching.expire()}")
        self.stdout.write(f"没有评价、结单的：{ordering.close_silent()}")
        sent, failed = sending.send()
        self.stdout.write(f"发出、没发出去：{sent}、{failed}")
