"""The server of `make run` and of production: `gunicorn --config config/gunicorn.py config.wsgi`.

HOST, PORT and WEB_CONCURRENCY come from the environment or `.env`, like every setting.
"""

import ctypes

from gunicorn.glogging import Logger

from config import log_lines
from config.environment import env, typed
from config.settings import LOG_FORMAT, TIME_ZONE


class Log(Logger):
    """What the server says of itself, in lines like all others. Of requests the site itself tells."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(log_lines.FORMATS[LOG_FORMAT](TIME_ZONE))


def give_back(size):
    """Have the C library give pieces of memory from this size on back to the system when they are free.

    Left alone it keeps more and more of them, each thread its own: some forms of two megabytes, sent by whoever likes,
    and every process had 60 MB more for good (`make drill-fuzz`).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # of glibc
    if mallopt:
        for threshold in (-1, -3):  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
            mallopt(threshold, size)


give_back(512 * 1024)  # bytes: pages are smaller
logger_class = Log

bind = f"{env.str('HOST', default='127.0.0.1')}:{typed(env.int, 'PORT', 8000, 'a port number')}"
workers = typed(env.int, "WEB_CONCURRENCY", 2, "a number of processes")
worker_class = "config.worker.Worker"  # with threads: a slow reader on a weak network holds one, not a process
threads = 4
# nginx, next to it, opens a connection a request anyway; to keep one costs a stored page a quarter of its time
keepalive = 0
timeout = 60
graceful_timeout = 30  # a restart lets running requests end
control_socket_disable = True
