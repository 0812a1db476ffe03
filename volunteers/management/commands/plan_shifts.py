"""manage.py plan_shifts: all rotas, four weeks ahead. Run by a timer every night; once more changes nothing."""

from django.core.management.base import BaseCommand

from volunteers import duties
from volunteers.models import Duty


class Command(BaseCommand):
    help = "按勤务排好今后四周的班次：放假不排，调休上班的周末照排。每天夜里运行一次，可以重复运行。"

    def handle(self, **options):
        rows = Duty.objects.filter(is_archived=False, team__is_archived=False)
        made = sum(len(duties.plan(duty)) for duty in rows.order_by("pk"))
        self.stdout.write(f"新排的班次：{made}")
