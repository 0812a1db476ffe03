"""The portal's own settings, as a demo that leaves nothing behind. Everything not named here is as people run it."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ |= {"DEMO": "1", "ENV_FILE": os.devnull, "CACHE_URL": "locmemcache://tests"}
for name in ("HTTPS", "SITE_NAME", "SITE_TELEPHONE", "SITE_ADDRESS"):
    os.environ.pop(name, None)
if "TESTS_DATA_DIR" not in os.environ:  # the first process of a parallel run makes it for all
    os.environ["TESTS_DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["TESTS_DATA_DIR"], ignore_errors=True)
os.environ["DATA_DIR"] = os.environ["TESTS_DATA_DIR"]

Path(os.environ["DATA_DIR"], "static").mkdir(exist_ok=True)  # WhiteNoise wants a folder, even an empty one

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASE, STORAGES  # noqa: E402

if DATABASE["ENGINE"] == "config.kept_sqlite3":
    # a file, so that the threads of a live server have connections of their own; kept only for the length of a run
    DATABASE["TEST"] = {"NAME": str(Path(os.environ["DATA_DIR"], "test.sqlite3"))}
    DATABASE["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

# each process empties its own between tests
CACHES["pictures"]["LOCATION"] = Path(os.environ["DATA_DIR"], "pictures", str(os.getpid()))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the cast logs in often
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing collected
