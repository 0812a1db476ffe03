from django.conf import settings
from django.core.management.base import BaseCommand

from branches.access import ROLES
from config.demo_logins import DEMO_LOGINS
from config.environment import env
from volunteers.models import Assignment, Letter, ServiceOrder, Team


class Command(BaseCommand):
    help = "Print the address of this portal and, in demo mode, who can log in."

    def handle(self, *args, **options):
        address = f"http://{env.str('HOST', default='127.0.0.1')}:{env.str('PORT', default='8000')}"
        self.stdout.write(f"\n网站 Site   {address}/\n工作台 Staff {address}/admin/\n")
        if not settings.DEMO:
            self.stdout.write("建立管理员 Make the first log-in: .venv/bin/python manage.py createsuperuser\n")
            return
        self.stdout.write("\n演示账号 Demo log-ins\n")
        shown = set()
        for username, (role, password) in DEMO_LOGINS.items():
            name = ROLES[role].name if role else "技术管理员"
            second = "，另一位：自己审过、提过的，由这一位来批" if role in shown else ""
            shown.add(role)
            self.stdout.write(f"  {username:<10} {password:<18} {name}{second}")
        self._show_codes()
        self.stdout.write("")

    def _show_codes(self):
        """The codes of samples that somebody can try, with the last four digits of their telephones."""
        asked = Assignment.objects.filter(order__is_sample=True, status__in=Assignment.LIVE).order_by("pk")
        led = Team.objects.filter(is_sample=True, captain__isnull=False, duties__isnull=False).order_by("pk")
        samples = (
            ("志愿者 /volunteer/", asked.first() and asked.first().volunteer),
            ("队长 /volunteer/", led.first() and led.first().captain),
            ("求助单 /lookup/", ServiceOrder.objects.filter(is_sample=True, status="done").order_by("pk").first()),
            ("来信 /lookup/", Letter.objects.filter(is_sample=True, status="answered").order_by("pk").first()),
        )
        self.stdout.write("\n演示用的码和电话后四位 Codes to try\n")
        for name, record in samples:
            if record is not None:
                self.stdout.write(f"  {record.code}   {record.telephone[-4:]}   {name}")
