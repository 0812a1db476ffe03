"""The files of a backup: what people have uploaded. Asked for by the storages' own API, wherever they are kept."""

import hashlib
import shutil
import tempfile
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

STORES = {"media": "default", "private": "private"}  # by their folder in a backup
PIECE = 1024 * 1024


class Hashing:
    """A file that is read and hashed at once."""

    def __init__(self, file):
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size=-1):
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self):
        """The SHA-256 of what was read."""
        return self._hash.hexdigest()


def names(storage, folder=""):
    """Every file of a storage, by the name that the database knows it by."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in sorted(files):
        yield str(PurePosixPath(folder, name))
    for name in sorted(folders):
        yield from names(storage, str(PurePosixPath(folder, name)))


def listed():
    """(name in a backup, storage, name there) of every file."""
    for folder, alias in STORES.items():
        for name in names(storages[alias]):
            yield f"{folder}/{name}", storages[alias], name


def sha256(file):
    """The SHA-256 of an open file, from here to its end."""
    hashing = Hashing(file)
    while hashing.read(PIECE):
        pass
    return hashing.hexdigest()


def sha256_of_all():
    """{name in a backup: SHA-256} of the files as they lie there."""
    found = {}
    for inside, storage, name in listed():
        with storage.open(name) as file:
            found[inside] = sha256(file)
    return found


def put_back(inside, content):
    """Put a file of a backup where its name says. `content` is read once, from here to its end."""
    folder, _, name = inside.partition("/")
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as whole:  # a bucket wants to know how long it is
        shutil.copyfileobj(content, whole, PIECE)
        whole.seek(0)
        storages[STORES[folder]].save(name, File(whole))
