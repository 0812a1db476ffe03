"""manage.py restore FILE: a backup back into an empty place, checked before and after. docs/backup.md, step by step."""

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from branches import audit
from config.backups import BackupError, reading
from config.content_version import content

NEXT = """接下来：
1. manage.py prepare   （程序比备份新时，补上新的表）
2. manage.py audit verify   （审计记录是不是完整）
3. {time} 以后删除过个人信息的人，要再删一次：照以前打印下来的，逐个运行 manage.py erase_person
4. 启动网站。所有人要重新登录。"""


class Command(BaseCommand):
    help = "把一份备份恢复到空的地方（空的数据库、没有上传的文件）。先全部核对，恢复以后再核对一遍。从不覆盖。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="备份文件")

    def handle(self, *, file, **options):
        try:
            manifest = reading.restore(file)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        call_command("createcachetable", verbosity=0)
        cache.clear()
        content.renew()
        audit.record(audit.Action.IMPORT, label="从备份恢复", reason="manage.py restore", time=manifest["time"])
        rows, files = sum(table["rows"] for table in manifest["tables"].values()), len(manifest["files"]) - 1
        self.stdout.write(f"恢复好了，和{manifest['time']}的备份一样：{rows}行，{files}个文件，都核对过。")
        for name in reading.missing_keys(manifest):
            self.stdout.write(f"注意：里面的内容要用当时的{name}才打得开，和这里设的不一样。请先改好 .env。")
        self.stdout.write(NEXT.format(time=manifest["time"]))
