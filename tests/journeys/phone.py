"""A small phone in somebody's hand, for stories that several people take part in."""


class Phone:
    """A small phone in somebody's hand. Whatever it shows fits its width."""

    def __init__(self, page, site, fits):
        self.page, self.site, self._fits = page, site, fits

    def open(self, path):
        self.page.goto(f"{self.site}{path}")
        return self._shown()

    def press(self, name, role="button", *, exact=True):
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role(role, name=name, exact=exact).first.click()
        return self._shown()

    def follow(self, name, *, exact=True):
        return self.press(name, "link", exact=exact)

    def fill(self, **fields):
        """By the names of the fields; True and False for a box."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]")
            if isinstance(value, bool):
                field.set_checked(value)
            else:
                field.fill(value)
        return self

    def go_to(self, path):
        """Follow the first link of the page that leads there."""
        with self.page.expect_navigation():
            self.page.locator(f'main a[href="{path}"]').first.click()
        return self._shown()

    def _shown(self):
        assert self._fits(self.page), self.page.url
        return self

    @property
    def heading(self):
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self):
        return self.page.inner_text("main")

    @property
    def path(self):
        return self.page.url.removeprefix(self.site)
