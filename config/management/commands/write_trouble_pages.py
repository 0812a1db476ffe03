"""manage.py write_trouble_pages: what nginx says itself, in the portal's own words. Run by every release."""

from django.conf import settings
from django.core.management.base import BaseCommand

from config.errors import page_of_proxy

PAGES = (400, 404, 413, 503)


class Command(BaseCommand):
    help = "把nginx自己要说的话（找不到、文件太大、网站歇一歇）写成页面，放在 DATA_DIR/troubles。可以重复运行。"

    def handle(self, **options):
        folder = settings.DATA_DIR / "troubles"
        folder.mkdir(exist_ok=True)
        for status in PAGES:
            draft = folder / f"{status}.html.new"
            draft.write_bytes(page_of_proxy(status))
            draft.replace(folder / f"{status}.html")
