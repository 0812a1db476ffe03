"""The server of `make run` and of production: `gunicorn --config config/gunicorn.py config.wsgi`.

HOST, PORT and WEB_CONCURRENCY come from the environment or `.env`, like every setting.
"""

from config.settings import env, typed

bind = f"{env.str('HOST', default='127.0.0.1')}:{typed(env.int, 'PORT', 8000, 'a port number')}"
workers = typed(env.int, "WEB_CONCURRENCY", 2, "a number of processes")
worker_class = "gthread"  # a slow reader on a weak network holds a thread, not a process
threads = 4
timeout = 60
graceful_timeout = 30  # a restart lets running requests end
control_socket_disable = True
