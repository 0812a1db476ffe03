from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from branches.models import Division, Member
from homes.models import Home, SearchEntry


class Command(BaseCommand):
    help = "Bring the database, the static files and the starting data up to date. Safe to run at every start."

    def handle(self, *args, verbosity, **options):
        quiet = {"verbosity": min(verbosity, 0)}
        call_command("createcachetable", **quiet)
        call_command("migrate", interactive=False, **quiet)
        call_command("collectstatic", interactive=False, **quiet)
        # The starting data are loaded into an empty portal only: what staff have changed since is theirs.
        if Division.objects.district() is None:
            call_command("load_district")
        if settings.DEMO and not all(model.objects.filter(is_sample=True).exists() for model in (Home, Member)):
            self.stdout.write("正在装入示例数据，要一两分钟……")
            self.stdout.flush()
            call_command("load_demo")
        # an index that is there is kept by whoever saves, and made anew every night
        if not SearchEntry.objects.exists():
            call_command("index_search", **quiet)
