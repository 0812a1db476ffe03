"""manage.py backup: one sealed file of the whole portal, while people go on working. docs/backup.md tells the rest."""

from django.core.management.base import BaseCommand, CommandError

from branches import audit
from config.backups import BackupError, making


class Command(BaseCommand):
    help = "做一份加密的备份（数据库和上传的文件），放进 BACKUP_DIR，再删掉过期的。不用停网站。"

    def handle(self, **options):
        try:
            path, manifest = making.make()
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        rows, files = sum(table["rows"] for table in manifest["tables"].values()), len(manifest["files"]) - 1
        old = making.forget_old()
        audit.record(audit.Action.EXPORT, label="整站备份", reason="manage.py backup", file=path.name)
        self.stdout.write(f"备份做好了：{path}（{path.stat().st_size / 1e6:.1f} MB，{rows}行，{files}个文件）")
        if old:
            self.stdout.write(f"过期的删掉了：{'、'.join(old)}")
