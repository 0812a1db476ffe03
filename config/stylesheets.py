"""One stylesheet for readers on slow phones, many small ones for us.

A staticfiles finder that offers `css/site.css`, the sheets of `SHEETS` one after the other: one request,
nothing generated in the repository, and no build tool.
"""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/site.css"
SHEETS = (
    "vendor/govuk-frontend-6.6.0/govuk.css",
    "css/tokens.css",
    "css/type.css",
    "css/page.css",
    "css/components.css",
    "css/lists.css",
    "css/reading.css",
    "css/forms.css",
    "css/homes.css",
    "css/activities.css",
    "css/volunteers.css",
    "css/help.css",
    "css/projects.css",
    "css/on-paper.css",
)


class SiteStylesheet(FileSystemStorage):
    """A folder of its own below DATA_DIR that holds nothing but the joined sheet."""

    prefix = ""  # collectstatic asks every storage of a finder for it

    def __init__(self):
        super().__init__(location=settings.DATA_DIR / "joined")

    def write(self):
        """Write the sheet where it is missing or has changed; whole or not at all, whoever else writes it."""
        source = Path(settings.STATICFILES_DIRS[0])
        text = "\n".join((source / sheet).read_text() for sheet in SHEETS)
        target = Path(self.path(NAME))
        if target.exists() and target.read_text() == text:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as draft:
            draft.write(text)
        Path(draft.name).replace(target)


class StylesheetFinder(BaseFinder):
    def __init__(self):
        self.storage = SiteStylesheet()

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        if path != NAME:
            return []
        self.storage.write()
        found = self.storage.path(NAME)
        return [found] if find_all else found

    def list(self, ignore_patterns):
        self.storage.write()
        yield NAME, self.storage
