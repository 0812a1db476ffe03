"""manage.py erase_person TELEPHONE [--member NUMBER] [--yes]: everything personal about one person, gone for good."""

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from branches import privacy
from branches.management import people
from branches.residue import scrub, traces

AGAIN = "还有程序在读数据库，旧的内容还在文件里。请等一会儿运行 manage.py purge，它会再清一次。"


class Command(BaseCommand):
    help = "按电话号码删除一个人的全部个人信息（包括修改历史）。删了不能恢复；备份怎么办，见 docs/privacy.md。"

    def add_arguments(self, parser):
        people.add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="不再询问")

    def handle(self, *, telephone, member, reason, yes, **options):
        found = people.found_people(telephone, member)
        others = [each for each in found.of_contact if each not in found.members]
        self.stdout.write(f"找到党员 {len(found.members)} 位，另有 {len(others)} 位党员把这个号码写作联系人。")
        for name, count in found.elsewhere.items():
            self.stdout.write(f"用这个号码的{name}：{count}")
        if not yes and input("删除以后不能恢复。确定请输入 yes：").strip() != "yes":
            raise CommandError("没有删除，什么也没有改动。")
        names = people.names_of(found, member)
        for each in found.members:
            privacy.erase(each, by=None, reason=reason)
        hashed = privacy.hash_of(telephone)
        for each in others:
            privacy.erase_contact(each, telephone_hash=hashed, by=None, reason=reason)
        privacy.erase_elsewhere(telephone, names, by=None, reason=reason)
        cache.clear()  # an uploaded register may wait there to be imported
        self.stdout.write(f"已经删除。审计记录里只留下编号和号码的密文摘要 {hashed}。")
        for name, count in traces(hashed).items():
            self.stdout.write(f"请人工处理：“{name}”里还有 {count} 处写着这个号码。")
        if not scrub():
            self.stdout.write(AGAIN)
