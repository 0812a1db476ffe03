"""manage.py verify_backup FILE: whether a backup could be restored, read from its first byte to its last."""

from django.core.management.base import BaseCommand, CommandError

from config.backups import BackupError, reading


class Command(BaseCommand):
    help = "把一份备份从头到尾核对一遍：解密，每个文件、每张表都和清单比。什么也不改。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="备份文件")

    def handle(self, *, file, **options):
        try:
            manifest = reading.verify(file)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(
            f"这份备份是好的：{manifest['time']} 做的，{manifest['database']}，{len(manifest['tables'])}张表，"
            f"{sum(table['rows'] for table in manifest['tables'].values())}行，{len(manifest['files']) - 1}个文件。"
        )
        for name in reading.missing_keys(manifest):
            self.stdout.write(f"注意：里面的内容要用当时的{name}才打得开，和这里设的不一样。")
