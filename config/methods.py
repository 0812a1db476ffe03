"""What can be asked of the portal: reading, posting. Django's function views would answer TRACE as if it were GET."""

from django.http import HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
OPEN_DATA = "/api/"  # refuses in words for programs: config/open_data/answering.py


def known_methods(get_response):
    """Middleware: refuse every other method, whatever the address."""

    def refuse_or_go_on(request):
        is_known = request.method in METHODS or request.path.startswith(OPEN_DATA)
        return get_response(request) if is_known else HttpResponseNotAllowed(METHODS)

    return refuse_or_go_on
