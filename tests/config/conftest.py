"""A place for what is watched over."""

import pytest

from config import timers
from tests.config.watching import back_up


@pytest.fixture
def place(settings, tmp_path):
    """A DATA_DIR and BACKUP_DIR of this test's own, of a production that has just been backed up."""
    settings.DATA_DIR, settings.BACKUP_DIR, settings.DEMO = tmp_path, tmp_path / "backups", False
    settings.BACKUP_DIR.mkdir()
    back_up(settings)
    for name in timers.TIMERS:
        timers._leave(name, well=True)
    return tmp_path
