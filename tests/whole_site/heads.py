"""The head of a page as search engines and WeChat read it."""

import json
from html.parser import HTMLParser


class Head(HTMLParser):
    """`title`, `metas` and `links` as {name: [contents]}; `blocks`: the JSON-LD of the whole page."""

    def __init__(self, text):
        super().__init__()
        self.titles, self.metas, self.links, self.blocks = [], {}, {}, []
        self.text = text.partition("</head>")[0]
        self._inside = self._written = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "meta" and (name := has.get("name") or has.get("property")):
            self.metas.setdefault(name, []).append(has.get("content"))
        if tag == "link":
            self.links.setdefault(has.get("rel"), []).append(has.get("href"))
        if tag == "title" and self._inside is None and not self.titles:
            self._inside, self._written = "title", ""
        if tag == "script" and has.get("type") == "application/ld+json":
            self._inside, self._written = "script", ""

    def handle_data(self, data):
        if self._inside:
            self._written += data

    def handle_endtag(self, tag):
        if tag != self._inside:
            return
        if tag == "title":
            self.titles.append(self._written)
        else:
            self.blocks.append(json.loads(self._written))
        self._inside = None

    def one(self, name):
        """What a meta says that there has to be exactly one of."""
        (content,) = self.metas[name]
        return content

    @property
    def address(self):
        (address,) = self.links["canonical"]
        return address
