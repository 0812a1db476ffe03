"""Where files are kept that no address leads to: below DATA_DIR/private; a view serves each to who may see it."""

from django.core.files.storage import storages


def private_files():
    return storages["private"]
