"""manage.py import_streets FILE.osm.pbf [--area district|whole]: the streets that walks are measured on."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from homes.circles.computing import compute_all


class Command(BaseCommand):
    help = "导入 OpenStreetMap 街道（.osm.pbf），并按它重新计算服务圈。文件从哪里来：docs/circles.md。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="地图文件，.osm.pbf 格式")
        parser.add_argument(
            "--area", choices=("district", "whole"), default="district",
            help="district：只要本区和周围两公里（默认）；whole：文件里的都要",
        )  # fmt: skip

    def handle(self, *, file, area, verbosity, **options):
        # these are large, and only this command needs them
        from homes.circles.importing import import_streets  # noqa: PLC0415
        from homes.circles.streets import ExtractError  # noqa: PLC0415

        tell = self.stdout.write if verbosity else lambda words: None
        try:
            network = import_streets(file, whole=area == "whole", tell=tell)
        except ExtractError as error:
            raise CommandError(f"{error}\n没有导入，原来的路网没有变。") from error
        tell(f"路网导入了：{network.kilometres}公里能走的路，{network.nodes}个路口，校验和 {network.checksum[:16]}……")
        tell(f"数据日期：{network.source_date:%Y-%m-%d}" if network.source_date else "数据日期：文件里没有写")
        tell(f"许可：{network.licence}，用到的页面会注明。")
        tell("正在重新计算服务圈……")
        outcome = compute_all(tell=tell)
        tell(f"服务圈算好了：{outcome.circles}个家，{outcome.walks}段路。{outcome.unplaced}个家没有标位置，算不了。")
