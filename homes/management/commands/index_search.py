"""manage.py index_search: the index of the search as the records are now. Harmless to run again; for every night."""

from django.core.management.base import BaseCommand

from homes.search.index import index_all


class Command(BaseCommand):
    help = "重新整理搜索索引：补上缺的，改掉旧的，去掉不再公开的。可以重复运行，建议每天夜里运行一次。"

    def handle(self, *args, **options):
        self.stdout.write(f"搜索索引整理好了，改动{index_all()}条。")
