"""What the pictures of docs/manual/ show: which page of the demo, seen by whom, and which part of it.

`make manual` takes them; the ordinary run only compares the words of the part with those that were there when the
picture was taken (tests/journeys/test_manual.py), which needs no drawing.
"""

import json
from typing import NamedTuple
from urllib.parse import urljoin

from config.demo_logins import DEMO_LOGINS
from config.manual import FOLDER

PICTURES_FOLDER = FOLDER / "pictures"
WORDS = PICTURES_FOLDER / "words.json"  # {picture: its words}
PHONE, DESK = 360, 1280  # the width each works at
ON_A_PHONE = {"organiser", "visitor"}


class Picture(NamedTuple):
    """From the first element that fits `part` to the last, on the page that the links `follow` lead to from `path`
    (each told by a selector and, where that is not enough, its words: "main a >> 诗词班").

    `press` is what the text tells to press, which is ringed; what is beyond `wide` and `tall` (CSS pixels) is cut
    off.
    """

    who: str
    path: str
    part: str
    press: str = ""
    follow: tuple = ()
    tall: int = 560
    wide: int = 800

    @property
    def width(self):
        return PHONE if self.who in ON_A_PHONE else DESK


# What stays the same whoever is on the list: headings, labels, buttons, column heads, and the controls by their names.
READ = """([html, part, press]) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const shown = [...page.querySelectorAll(part)], words = [];
  const kinds = "h1, h2, h3, label, legend, summary, dt, thead th, input, select, textarea, .desk-links a, " +
    "button, .govuk-button, .submit-row a, .object-tools a";
  for (const one of shown) for (const each of [one, ...one.querySelectorAll("*")]) {
    if (!each.matches(kinds) || each.type === "hidden" || each.closest("tbody, script, .desk-list, .to-do")) continue;
    words.push(each.name && !each.matches("button") ? `[${each.type} ${each.name}]` : each.textContent);
  }
  return {shown: shown.length, pressed: !press || page.querySelector(press) !== null,
    words: [...new Set(words.map((text) => text.replace(/\\s+/g, " ").replace(/\\d+/g, "0").trim()))].filter(Boolean)};
}"""
LINK = """([html, link]) => {
  const [fits, words = ""] = link.split(" >> ");
  const links = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll(fits)];
  return links.find((one) => one.textContent.includes(words))?.getAttribute("href");
}"""


class Reader:
    """Somebody's browser: reads pages without drawing them, each once, by requests that share its cookies."""

    def __init__(self, page, site, who):
        self.page, self.site, self._read = page, site, {}
        if who != "visitor":
            self._log_in(who, DEMO_LOGINS[who][1])

    def _log_in(self, who, password):
        address = f"{self.site}/account/login/"
        self.get("/account/login/")
        token = next(cookie["value"] for cookie in self.page.context.cookies() if cookie["name"] == "csrftoken")
        form = {"login": who, "password": password, "csrfmiddlewaretoken": token}
        ask = self.page.context.request
        answer = ask.post(address, form=form, headers={"Referer": address}, max_redirects=0)
        assert answer.status == 302, f"{answer.status} {who}"

    def get(self, path):
        """(where it led, its HTML)."""
        if path not in self._read:
            answer = self.page.context.request.get(urljoin(self.site, path))
            assert answer.ok, f"{answer.status} {path}"
            self._read[path] = answer.url, answer.text()
        return self._read[path]

    def find(self, picture):
        """The page of the picture: (address, HTML)."""
        address, html = self.get(picture.path)
        for link in picture.follow:
            found = self.page.evaluate(LINK, [html, link])
            assert found, f"no {link} on {address}"
            address, html = self.get(urljoin(address, found))
        return address, html

    def words(self, picture):
        """What the part of the page says now."""
        address, html = self.find(picture)
        found = self.page.evaluate(READ, [html, picture.part, picture.press])
        assert found["shown"], f"nothing of {address} is {picture.part}"
        assert found["pressed"], f"nothing of {address} is {picture.press}"
        return found["words"]


def kept_words():
    return json.loads(WORDS.read_text()) if WORDS.exists() else {}
