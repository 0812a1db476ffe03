from django.conf import settings
from django.core.management.base import BaseCommand

from branches.access import ROLES
from config.demo_logins import DEMO_LOGINS
from config.settings import env


class Command(BaseCommand):
    help = "Print the address of this portal and, in demo mode, who can log in."

    def handle(self, *args, **options):
        address = f"http://{env.str('HOST', default='127.0.0.1')}:{env.str('PORT', default='8000')}"
        self.stdout.write(f"\n网站 Site   {address}/\n工作台 Staff {address}/admin/\n")
        if not settings.DEMO:
            self.stdout.write("建立管理员 Make the first log-in: .venv/bin/python manage.py createsuperuser\n")
            return
        self.stdout.write("\n演示账号 Demo log-ins\n")
        for username, (role, password) in DEMO_LOGINS.items():
            name = ROLES[role].name if role else "技术管理员"
            self.stdout.write(f"  {username:<10} {password:<18} {name}")
        self.stdout.write("")
