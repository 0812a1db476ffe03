"""What the tests of findings, alerts and the doctor ask of a check."""

import os
import time

from config.findings import CHECKS, findings


def back_up(settings, hours=0):
    path = settings.BACKUP_DIR / "portal.backup"
    path.touch()
    moment = time.time() - hours * 3600
    os.utime(path, (moment, moment))


def level(key):
    return max(found.level for found in findings(CHECKS[key]))


def said(key):
    return "".join(found.said for found in findings(CHECKS[key]))
