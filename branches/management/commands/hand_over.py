"""manage.py hand_over TELEPHONE [--member NUMBER] [--output FILE]: a copy of what is stored about one person."""

import json
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from branches import audit, privacy
from branches.hand_over import copied, copy_of
from branches.management import people


class Command(BaseCommand):
    help = "按电话号码导出一个人的全部信息（JSON），交给本人。请先核实来人身份；导出会记入审计。"

    def add_arguments(self, parser):
        people.add_arguments(parser)
        parser.add_argument("--output", type=Path, metavar="FILE", help="写到文件，只有自己能读；不写就打印出来")

    def handle(self, *, telephone, member, reason, output, **options):
        found = people.found_people(telephone, member)
        content = {"说明": "本网站保存的关于您的全部信息。", "电话": telephone}
        content["您本人"] = copy_of(found.members[0]) if found.members else {}
        content["以您为联系人的党员"] = [
            {"党员": str(each), "联系人": each.contact} for each in found.of_contact if each not in found.members
        ]
        names = people.names_of(found, member)
        for each in privacy.ELSEWHERE:
            content |= {heading: copied(rows) for heading, rows in each.copies(telephone, names).items()}
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        if output:
            try:
                with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write(text)
            except OSError as error:
                raise CommandError(f"写不了 {output}：{error.strerror}。已有的文件不会覆盖。") from error
        subject = found.members[0] if found.members else None
        audit.record(audit.Action.HAND_OVER, subject=subject, reason=reason, telephone_hash=privacy.hash_of(telephone))
        self.stdout.write(f"已经写到 {output}，交给本人以后请删掉。" if output else text.rstrip("\n"))
