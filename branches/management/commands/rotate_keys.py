"""manage.py rotate_keys: seal every sealed field anew with the first of FIELD_KEYS. Steps: docs/privacy.md."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from branches import audit
from branches.key_rotation import FRESH, RESEALED, UNREADABLE, rotate


class Command(BaseCommand):
    help = "用 FIELD_KEYS 里的第一把钥匙重新加密全部内容。中断了可以再运行；“换过”和“打不开”都是0，才能拿掉旧钥匙。"

    def handle(self, **options):
        total = Counter()
        for name, counts in rotate().items():
            if counts:
                self.stdout.write(
                    f"{name}：换过 {counts[RESEALED]}，本来就是新的 {counts[FRESH]}，打不开 {counts[UNREADABLE]}"
                )
            total += counts
        audit.record(audit.Action.KEYS, counts=dict(total))
        self.stdout.write(f"合计：换过 {total[RESEALED]}，本来就是新的 {total[FRESH]}，打不开 {total[UNREADABLE]}")
        if total[UNREADABLE]:
            raise CommandError("有打不开的内容：请把当时的钥匙加到 FIELD_KEYS 后面，再运行一次。旧钥匙先不要拿掉。")
