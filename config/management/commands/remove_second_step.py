"""manage.py remove_second_step USERNAME: for the technician whom nobody else may help in the staff pages."""

from django.core.management.base import BaseCommand, CommandError

from branches.models import User
from config import second_step


class Command(BaseCommand):
    help = "关掉一个人的动态码和备用码，并让他的登录全部退出，记入审计。别的人请区里的管理员在“用户”名单里关。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")

    def handle(self, *, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError("没有这个用户名。")
        if not second_step.take_off(user, by=None):
            raise CommandError("这个人没有设动态码。")
        self.stdout.write("关掉了。请本人登录以后马上重新设。")
