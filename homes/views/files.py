"""The public directory as a file, CSV or Excel, narrowed as the page is. Nothing of it is anybody's own: no log."""

import hashlib

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, quote_etag, urlencode
from django.views.decorators.http import require_safe

from config import spreadsheet
from config.caching import public_page
from config.client_address import client_address, neighbourhood
from config.errors import too_many
from config.limits import Limit
from config.site import address_of
from homes.models import Home
from homes.public_list import HEADINGS, line, whole
from homes.views.pages import homes_directory

OFTEN = Limit("files of the directory, from an address", 10, 60)  # those that have to be made; stored ones are free
NAME = "老党员之家名单"


@require_safe
@public_page
def directory_csv(request):
    return _file(request, "csv", "text/csv; charset=utf-8", lambda lines: spreadsheet.csv_of([HEADINGS, *lines]))


@require_safe
@public_page
def directory_xlsx(request):
    def book(lines):
        return spreadsheet.workbook_of([("名单", [HEADINGS, *lines]), ("说明", _notes(address_of(request)))])

    return _file(request, "xlsx", spreadsheet.XLSX, book)


def _notes(site):
    return [
        ("这份名单", f"{settings.SITE_NAME}，{timezone.localdate():%Y年%-m月%-d日}从网站取得"),
        ("可以怎么用", settings.OPEN_DATA_LICENCE),
        ("空着的格", "还不知道，待补充"),
        ("示例数据", "最后一列写着“示例数据”的，是为演示编的，不是真的"),
        ("给程序用的", f"{site}{reverse('api')}"),
    ]


def _file(request, ending, content_type, build):
    """The file of what is asked for. Each list has one address: another way to write it leads there, and a wish that
    nobody can meet to the page, which says so."""
    index = homes_directory()
    filters, complaints = index.read(request.GET)
    query = urlencode(filters.query())
    if complaints:
        return redirect(f"{reverse('homes:directory')}?{request.GET.urlencode()}")
    if request.GET.urlencode() != query:
        return redirect(f"{request.path}?{query}" if query else request.path)
    if not OFTEN.take(neighbourhood(client_address(request))):
        return too_many(request)
    site, homes = address_of(request), Home.objects.public()
    if filters:
        homes = homes.filter(pk__in=[entry.pk for entry in index.matching(filters)])
    lines = [line(home, site) for home in whole(homes)]
    response = HttpResponse(build(lines), content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{NAME}.{ending}")
    response.headers["Link"] = f'<{site}{reverse("api")}#licence>; rel="license"'
    # of what it says: a workbook also holds the second in which it was made
    response.headers["ETag"] = quote_etag(hashlib.sha256(f"{_notes(site)}{lines}".encode()).hexdigest()[:32])
    return response
