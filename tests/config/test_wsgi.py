"""The door for gunicorn."""

import io


def test_what_a_page_does_not_read_is_read_before_its_answer_goes_out(monkeypatch):
    from config import wsgi  # noqa: PLC0415 - it makes the portal a second time

    def page(environ, start_response):
        start_response("405 Method Not Allowed", [])
        return [environ["wsgi.input"].read(1)]

    monkeypatch.setattr(wsgi, "portal", page)
    sent = io.BytesIO(b"x" * 3 * wsgi.PIECE)
    assert wsgi.application({"wsgi.input": sent}, lambda status, headers: None) == [b"x"]
    assert sent.read() == b""
