"""Pages read as a browser reads them: which addresses they lead to, and what their form would send."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LINK = re.compile(r"""\s(?:href|src|action|data-src)=["']([^"'#]+)""")


def links(address, text):
    """The addresses on this site that a page leads to, without fragments."""
    for found in LINK.findall(text):
        parts = urlsplit(urljoin(f"http://testserver{address}", unescape(found)))
        if parts.scheme == "http" and parts.netloc == "testserver":
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def crawl(client, starts, follow, limit):
    """Yield (address, text) of every page reached from `starts` by links that `follow` accepts, at most `limit`."""
    for address, response in answers(client, starts, follow, limit):
        yield address, text_of(response)


def text_of(response):
    return response.getvalue().decode("utf-8", "replace")


def answers(client, starts, follow, limit):
    """Yield (address, answer) as `crawl` does."""
    waiting, seen = list(starts), set(starts)
    while waiting and limit:
        address = waiting.pop(0)
        response = client.get(address)
        limit -= 1
        yield address, response
        new = list(links(address, text_of(response))) + ([response["Location"]] if "Location" in response else [])
        for link in new:
            if link not in seen and link.startswith("/") and follow(link):
                seen.add(link)
                waiting.append(link)


class _Form(HTMLParser):
    """Collects what the form around the fields would send; buttons and files are left out."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.data = form_id, False, {}
        self.select = self.textarea = None

    def add(self, name, value):
        self.data.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.inside = has.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input" and has.get("name") and has.get("type") not in ("submit", "button", "file", "image"):
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                self.add(has["name"], has.get("value") or ("on" if has.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select = has.get("name")
        elif tag == "option" and self.select and "selected" in has:
            self.add(self.select, has.get("value") or "")
        elif tag == "textarea":
            self.textarea = has.get("name")
            self.add(self.textarea, "")

    def handle_data(self, data):
        if self.inside and self.textarea:
            self.data[self.textarea][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def form_data(text, form_id):
    """{name: [value, ...]} that the form with this id would send unchanged."""
    parser = _Form(form_id)
    parser.feed(text)
    return {name: values for name, values in parser.data.items() if "__prefix__" not in name}
