"""The time it is in the tests: the same whenever they run.

What depends on the hour (a shift tomorrow morning, a deadline in working days) would else be green or red by the
time of day. A run begins at TESTS_NOW, by default on an ordinary Wednesday morning, and the clock goes on from there.
Each process of the run and each program it starts has the same clock: `python -m tests.clock manage.py prepare`.
"""

import os
import runpy
import sys
import time
from datetime import datetime

import time_machine

BEGINNING = "2026-11-25T10:20+08:00"


def start():
    """Put this process's clock where the run's stands. The first process to do so decides for all it starts."""
    began = datetime.fromisoformat(os.environ.get("TESTS_NOW", BEGINNING)).timestamp()
    ahead = float(os.environ.setdefault("TESTS_CLOCK_AHEAD", str(began - time.time())))
    time_machine.travel(time.time() + ahead, tick=True).start()


if __name__ == "__main__":
    start()
    program, sys.argv = sys.argv[1], sys.argv[1:]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
