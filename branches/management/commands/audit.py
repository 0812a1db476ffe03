"""manage.py audit verify [--kept NUMBER:DIGEST] | head: whether the audit trail is whole, and where it ends."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from branches import audit

MOST_TOLD = 50  # faults; where the key is wrong, every row is one


def kept(text):
    """A line of `audit head` that was noted earlier, as (number, digest)."""
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest:
        raise argparse.ArgumentTypeError("应当是 audit head 打印的一行，例如 1024:9f86d0…")
    return int(number), digest


class Command(BaseCommand):
    help = "verify：核对审计记录有没有被动过，有问题时逐条说明，返回值是1。head：打印末端，请抄到别处保存。"

    def add_arguments(self, parser):
        steps = parser.add_subparsers(dest="step", required=True)
        verifying = steps.add_parser("verify", help="核对整条链")
        verifying.add_argument(
            "--kept", type=kept, action="append", default=[], metavar="NUMBER:DIGEST", help="以前抄下的末端，可以给几个"
        )
        steps.add_parser("head", help="打印末端")

    def handle(self, *, step, **options):
        number, digest = audit.head()
        if step == "head":
            self.stdout.write(f"{number}:{digest}")
            return
        faults = audit.verify(options["kept"])
        if faults:
            told = faults[:MOST_TOLD] + ([f"……一共{len(faults)}处。"] if len(faults) > MOST_TOLD else [])
            raise CommandError("审计记录有问题：\n" + "\n".join(told), returncode=1)
        self.stdout.write(f"审计记录完整，一共{number}条。")
