"""A place for what is watched over, and loggers left as they were."""

import logging

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


@pytest.fixture
def loggers_restored():
    """What gunicorn's log changes in the loggers of the process ends with the test."""
    loggers = [logging.getLogger(name) for name in ("gunicorn.error", "gunicorn.access")]
    before = [(logger.handlers[:], logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, (handlers, propagates, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagates
        logger.setLevel(level)
