"""manage.py compute_circles: every walking circle anew. For every night, and after many places were entered."""

from django.core.management.base import BaseCommand

from homes.circles.computing import compute_all
from homes.circles.walks import source


class Command(BaseCommand):
    help = "重新计算所有的家的十五分钟服务圈。可以重复运行。"

    def handle(self, *args, verbosity, **options):
        ways = source()
        by = f"直线距离×{ways.factor}估算" if ways.is_estimate else f"路网 {ways.network}"
        outcome = compute_all(tell=self.stdout.write if verbosity > 1 else lambda words: None)
        if verbosity:
            self.stdout.write(f"服务圈算好了：{outcome.circles}个家，{outcome.walks}段路，按{by}。")
            if outcome.unplaced:
                self.stdout.write(f"另有{outcome.unplaced}个家没有标位置，算不了。")
