"""manage.py tell: what time asks of activities. Run by a timer every five minutes; once more changes nothing."""

from django.core.management.base import BaseCommand, CommandError

from activities import publishing, sending
from branches.transitions import IllegalTransition


class Command(BaseCommand):
    help = (
        "到点发布、到点结束、提醒，并发出邮件和短信；发不出去的三次以后转到电话名单。每五分钟运行一次，可以重复运行。"
    )

    def handle(self, **options):
        steps = (
            ("发布", publishing.publish_due),
            ("结束", publishing.finish_over),
            ("新的提醒", sending.remind),
            ("发出、没发出去", sending.send),
        )
        stuck = []
        for name, step in steps:
            try:
                self.stdout.write(f"{name}：{_numbers(step())}")
            except IllegalTransition as refusal:  # one activity that cannot be published must not keep a message back
                stuck.append(f"{name}：{refusal}")
        if stuck:
            raise CommandError("\n".join(stuck))


def _numbers(counted):
    return "、".join(map(str, counted)) if isinstance(counted, tuple) else str(counted)
