"""SQLite with connections that stay open from one request to the next, as long as the file is still the same one.

Opening one costs three milliseconds, most of them to read a schema of some hundred tables; a question costs a hundredth
of that. But whoever puts another file in the place of the first (`restore`) must not have a server go on writing into
the one that is gone: each request looks first (`CONN_HEALTH_CHECKS`), which costs next to nothing.
"""

from pathlib import Path

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    opened = None  # which file it was, where it is one

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        self.opened = self._there()
        return connection

    def is_usable(self):
        return self.opened == self._there()

    def _there(self):
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
