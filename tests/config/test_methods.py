"""The portal is read and posted to: what else there is of methods is refused, whatever the address."""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.urls import path

from config import urls as site
from config import wsgi

urlpatterns = [path("plain/", lambda request: HttpResponse()), *site.urlpatterns]  # a view that would answer anything


@pytest.mark.parametrize("address", ["/plain/", "/", "/admin/", "/account/login/", "/display/", "/nothing/"])
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PROPFIND"])
def test_a_strange_method_is_refused(client, settings, address, method):
    settings.ROOT_URLCONF = __name__
    response = client.generic(method, address, b"")  # no database: it is refused before anybody is asked
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert "Content-Security-Policy" in response


@pytest.mark.parametrize(("address", "peer"), [("", "127.0.0.1"), ("198.51.100.7", "198.51.100.7")])
def test_who_comes_by_a_unix_socket_is_of_this_machine(monkeypatch, address, peer):
    monkeypatch.setattr(wsgi, "portal", lambda environ, start_response: environ["REMOTE_ADDR"])
    assert wsgi.application({"REMOTE_ADDR": address, "wsgi.input": BytesIO()}, None) == peer
