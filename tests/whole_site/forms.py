"""The forms of a page as a browser knows them: where each is sent, by which fields, and what may stand in them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

PRESSED = {"submit", "button", "image", "reset"}


@dataclass
class Field:
    """A field by its name: what sort it is, what it would send untouched, and what else it offers."""

    name: str
    sort: str
    values: list = field(default_factory=list)
    offered: list = field(default_factory=list)
    classes: str = ""


@dataclass
class Form:
    """A form: the page it was found on, and where it is sent."""

    page: str
    action: str
    method: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)  # (name, value)


class _Forms(HTMLParser):
    """Collects the forms; a field outside of them belongs to the form that its attribute `form` names."""

    def __init__(self, page):
        super().__init__()
        self.page, self.found, self.by_id = page, [], {}
        self.form = self.into = None

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            action = urljoin(self.page, has.get("action") or self.page)
            self.form = self._known(has.get("id"))
            self.form.action, self.form.method = action, (has.get("method") or "get").lower()
        elif tag in {"input", "select", "textarea", "button"} and has.get("name") and "disabled" not in has:
            self.form_of(has, lambda form: self.add(form, tag, has))
        elif tag == "option" and self.into and self.into.sort == "select":
            self.into.offered.append(has.get("value", ""))
            if "selected" in has:
                self.into.values.append(has.get("value", ""))

    def _known(self, name):
        if name not in self.by_id or name is None:
            self.by_id[name] = Form(self.page, self.page, "get")
            self.found.append(self.by_id[name])
        return self.by_id[name]

    def form_of(self, has, do):
        form = self._known(has["form"]) if "form" in has else self.form
        if form is not None:
            do(form)

    def add(self, form, tag, has):
        sort = has.get("type", "text").lower() if tag == "input" else tag
        if tag == "button" or sort in PRESSED:
            form.buttons.append((has["name"], has.get("value", "")))
            return
        one = form.fields.setdefault(has["name"], Field(has["name"], sort))
        if sort in {"checkbox", "radio"}:
            one.offered.append(has.get("value", "on"))
            if "checked" in has:
                one.values.append(has.get("value", "on"))
        elif tag == "input":
            one.values.append(has.get("value", ""))
        elif tag == "textarea":
            one.values.append("")
        one.classes = has.get("class") or ""
        self.into = one if tag in {"select", "textarea"} else None

    def handle_data(self, data):
        if self.into and self.into.sort == "textarea":
            self.into.values[-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in {"select", "textarea"}:
            self.into = None


def forms_in(page, text):
    """The forms of the page at this address that are sent to this site."""
    parser = _Forms(page)
    parser.feed(text)
    for form in parser.found:
        form.fields = {name: one for name, one in form.fields.items() if "__prefix__" not in name}
        if not urlsplit(form.action).netloc:
            yield form
