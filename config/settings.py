"""All settings, read from the environment (or from `.env` beside manage.py).

`.env.example` documents every variable. Two ways to run:

* demo (`DEMO=1`): for trying out and for the tests; sample data and printed log-ins are allowed.
* production (the default): a missing or unsafe value stops the start and says what to do.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import file_storage, log_lines
from config.environment import (
    BASE_DIR,
    ENV_FILE,  # noqa: F401 - a setting: the doctor looks who may read it
    env,
    keys,
    networks,
    required,
    switch,
    typed,
)

# --- how it runs -----------------------------------------------------------------------------------------------------
DEMO = switch("DEMO", False)
DEBUG = False  # stack traces hold personal data: errors go to the log in every deployment
HTTPS = switch("HTTPS", not DEMO)
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
try:
    DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR {DATA_DIR} cannot be made: {error.strerror}. See .env.example.") from error

if DEMO:
    # Fixed, so that a demo needs no preparation; the system check config.E001 keeps it out of production.
    SECRET_KEY = env.str("SECRET_KEY", default="demo-only-" + "0123456789" * 5)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
else:
    SECRET_KEY = required("SECRET_KEY", "<the output of: make secret>")
    if len(SECRET_KEY) < 50:  # Django's own recommendation for the length of the key
        raise ImproperlyConfigured("SECRET_KEY has fewer than 50 characters. Make a new one with: make secret")
    ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", "jinqiu.example.cn").split(",")]

# Keys of personal data (branches/sealing.py): they live here and never in the database or its backups.
DEMO_KEY = "ZGVtby1vbmx5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # the words "demo-only-" and digits, in base64
DEMO_BACKUP_KEY = "ZGVtby1iYWNrdXAtMDEyMzQ1Njc4OTAxMjM0NTY3ODk="  # the words "demo-backup-" and digits
if DEMO:
    FIELD_KEYS = env.list("FIELD_KEYS", default=[DEMO_KEY])
    INDEX_KEY = env.str("INDEX_KEY", default="demo-only-index")
else:
    FIELD_KEYS = required("FIELD_KEYS", "<the output of: make field-key>").split(",")
    INDEX_KEY = required("INDEX_KEY", "<the output of: make secret>")


FIELD_KEYS = keys("FIELD_KEYS", FIELD_KEYS)

# Backups (docs/backup.md), sealed with keys of their own: FIELD_KEYS are what opens the telephones inside
BACKUP_DIR = Path(env.str("BACKUP_DIR", default="") or DATA_DIR / "backups").resolve()
BACKUP_KEYS = keys("BACKUP_KEYS", env.list("BACKUP_KEYS", default=[DEMO_BACKUP_KEY] if DEMO else []))
BACKUP_DAYS = typed(env.int, "BACKUP_DAYS", 30, "a number of days")

# How long personal data are kept before `manage.py purge` lets go of them: docs/privacy.md
KEEP_MEMBERS_YEARS = typed(env.int, "KEEP_MEMBERS_YEARS", 3, "a number of years")
KEEP_VISIT_NOTES_YEARS = typed(env.int, "KEEP_VISIT_NOTES_YEARS", 2, "a number of years")
KEEP_LOGS_MONTHS = typed(env.int, "KEEP_LOGS_MONTHS", 24, "a number of months")
if KEEP_LOGS_MONTHS < 6:
    raise ImproperlyConfigured(
        "KEEP_LOGS_MONTHS is less than 6: the law wants logs kept for six months at least. See .env.example."
    )

# How applications for a home are reviewed: working days of each level, and whether streets review at all
STREETS_REVIEW = typed(env.bool, "STREETS_REVIEW", True, "1 or 0")
STREET_REVIEW_DAYS = typed(env.int, "STREET_REVIEW_DAYS", 5, "a number of working days")
DISTRICT_REVIEW_DAYS = typed(env.int, "DISTRICT_REVIEW_DAYS", 10, "a number of working days")
NOTICE_DAYS = typed(env.int, "NOTICE_DAYS", 5, "a number of working days")
if not all(1 <= days <= 250 for days in (STREET_REVIEW_DAYS, DISTRICT_REVIEW_DAYS, NOTICE_DAYS)):
    raise ImproperlyConfigured(
        "STREET_REVIEW_DAYS, DISTRICT_REVIEW_DAYS and NOTICE_DAYS are 1 to 250 working days. See .env.example."
    )

# Walks where no street network was imported: the straight line times this (docs/circles.md)
WALK_FACTOR = typed(env.float, "WALK_FACTOR", 1.4, "a number such as 1.4")
if not 1.15 <= WALK_FACTOR <= 1.5:  # beyond it the three bands of an estimate would not fit into what is kept
    raise ImproperlyConfigured("WALK_FACTOR, how much longer a walk is than the straight line, is 1.15 to 1.5.")

# The big map on request: tiles of 天地图, only with a key; without one it shows what we draw ourselves
TIANDITU_KEY = env.str("TIANDITU_KEY", default="")
if TIANDITU_KEY and not TIANDITU_KEY.isalnum():
    raise ImproperlyConfigured("TIANDITU_KEY is not a key of 天地图: letters and digits alone. See .env.example.")

# Whether browsers keep public pages to show them without a network; 0 makes every device let go of them
OFFLINE = switch("OFFLINE", True)

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- whose portal it is ----------------------------------------------------------------------------------------------
# What a public body must show is printed only once it has been issued: empty means absent.
SITE_NAME = env.str("SITE_NAME", default="美在金秋")
DISTRICT_DIR = BASE_DIR / (env.str("DISTRICT_DIR", default="") or "config/districts/tianxin")  # docs/districts.md
SITE_TELEPHONE = env.str("SITE_TELEPHONE", default="0731-0000 0000" if DEMO else "")
SITE_ORGANISER = env.str("SITE_ORGANISER", default="")
SITE_EMAIL = env.str("SITE_EMAIL", default="")
DEFAULT_FROM_EMAIL = SITE_EMAIL or "noreply@localhost"
SITE_ICP = env.str("SITE_ICP", default="")
SITE_POLICE_RECORD = env.str("SITE_POLICE_RECORD", default="")
SITE_IDENTIFIER = env.str("SITE_IDENTIFIER", default="")
SITE_ERROR_REPORT_URL = env.str("SITE_ERROR_REPORT_URL", default="")
# in every answer of /api/: the district decides it
LICENCE_OF_OURS = f"可以自由使用，请注明来源（{SITE_NAME}）和取得数据的日期。"
OPEN_DATA_LICENCE = env.str("OPEN_DATA_LICENCE", default="") or LICENCE_OF_OURS
SMS_GATEWAY = env.str("SMS_GATEWAY", default="")  # the dotted path of a class: branches/texting.py
SENDS_EMAIL = bool(env.str("EMAIL_URL", default=""))  # if not, activities/outbox.py lets those people be rung up
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
if SENDS_EMAIL:
    EMAIL = typed(env.email_url, "EMAIL_URL", "", "an address such as smtp+tls://user:password@mail.example.cn:587")
    MAILERS["default"] = {
        "BACKEND": EMAIL["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": EMAIL["EMAIL_HOST"],
            "port": EMAIL["EMAIL_PORT"],
            "username": EMAIL["EMAIL_HOST_USER"],
            "password": EMAIL["EMAIL_HOST_PASSWORD"],
            "use_tls": EMAIL.get("EMAIL_USE_TLS", False),
            "use_ssl": EMAIL.get("EMAIL_USE_SSL", False),
            "timeout": 20,  # seconds
        },
    }
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").rstrip("/")
if SITE_ADDRESS and not SITE_ADDRESS.startswith(("https://", "http://")):
    raise ImproperlyConfigured("SITE_ADDRESS must begin with https://. See .env.example.")

# --- application -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.PortalConfig",
    "config.apps.PortalAdminConfig",
    "branches",
    "homes",
    "volunteers",
    "activities",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_forms_gds",
    "import_export",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",  # last: FORM_RENDERER finds the widgets' own templates in it
]

MIDDLEWARE = [
    "config.request_log.RequestLog",  # outermost: tells of every answer
    "config.caching.PublicPages",  # next: a page that is in the cache costs no other middleware
    "config.english.English",
    "django.middleware.security.SecurityMiddleware",
    # before whoever answers by itself: their answers have these headers too
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.methods.known_methods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.sessions.StaffSessions",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.display.display",
                "config.site.site",
                "config.english.english",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "gds"
# the pack knows fewer widgets than Django has
CRISPY_CLASS_CONVERTERS = dict.fromkeys(
    ("dateinput", "numberinput", "searchinput", "telinput", "timeinput"), "govuk-input"
)

# --- data ------------------------------------------------------------------------------------------------------------
if not env.str("DATABASE_URL", default="sqlite:///").startswith(("sqlite:///", "postgresql://", "postgres://")):
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgresql://. See .env.example.")
DATABASE = typed(env.db, "DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}", "the address of a database")
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE |= {"ENGINE": "config.kept_sqlite3", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # writers queue instead of failing: docs/decisions/0002-databases.md
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASE.setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": 8,
        "timeout": 3,  # seconds: while it is away, every thread would soon be waiting for it
        "reconnect_timeout": 2,  # then whoever asks next tries anew: it is found within seconds of coming back
    }
    DATABASE["OPTIONS"].setdefault("options", "-c lock_timeout=20s")  # as long as on SQLite
    DATABASE["CONN_HEALTH_CHECKS"] = True  # connections of before a restart are thrown away unused
if env.str("DATABASE_REPLICA_URL", default=""):  # a streaming copy that public pages are read from: config/replica.py
    DATABASES["replica"] = typed(env.db, "DATABASE_REPLICA_URL", "", "the address of a database")
    DATABASES["replica"] |= {name: DATABASE[name] for name in ("OPTIONS", "CONN_HEALTH_CHECKS")}
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["config.replica.PublicPagesRead"]

CACHES = {
    # shared by every worker and machine: the content version, counters of limits
    # (room for many: Django's 300 could be filled from outside until the counters fall out)
    "default": typed(env.cache, "CACHE_URL", "dbcache://portal_cache", "the address of a cache")
    | {"max_entries": 100_000},
    # rendered pages, one store a process: reading it costs no query
    "pages": {
        "BACKEND": "config.page_store.PageStore",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 600},
    },
    # pictures of shared links (config/shared_pictures.py), some 45 KB each: what falls out is drawn again
    "pictures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "pictures",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

if CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache":
    CACHES["default"]["BACKEND"] = "config.shared_cache.SharedCache"

AUTH_USER_MODEL = "branches.User"
AUTHENTICATION_BACKENDS = ["branches.backends.PostingBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_LENGTH = typed(env.int, "PASSWORD_LENGTH", 10, "a number of characters")
PASSWORD_LENGTH_TECHNICIAN = typed(env.int, "PASSWORD_LENGTH_TECHNICIAN", 15, "a number of characters")
PASSWORD_DAYS = typed(env.int, "PASSWORD_DAYS", 0, "a number of days")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "config.password_rules.Length",
        "OPTIONS": {"least": PASSWORD_LENGTH, "least_for_technicians": PASSWORD_LENGTH_TECHNICIAN},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "config.password_rules.NotTheName"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if switch("PASSWORD_KINDS", False):
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "config.password_rules.KindsOfCharacters"})

# Staff log in through django-allauth: config/login.py. Residents have no accounts.
STAFF_REQUIRE_MFA = switch("STAFF_REQUIRE_MFA", not DEMO)
SESSION_IDLE_MINUTES = typed(env.int, "SESSION_IDLE_MINUTES", 30, "a number of minutes")
SESSION_HOURS = typed(env.int, "SESSION_HOURS", 12, "a number of hours")
TRUSTED_PROXIES = networks("TRUSTED_PROXIES", env.list("TRUSTED_PROXIES", default=[]))
TRUSTED_ADDRESSES = networks("TRUSTED_ADDRESSES", env.list("TRUSTED_ADDRESSES", default=[]))
ACCOUNT_ADAPTER = "config.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # sign-up has no address; allauth checks it anyway
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# what is tried with passwords is counted in config/lockout.py; this one is for codes
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key"}
ACCOUNT_FORMS = {
    "login": "config.login_forms.LogInForm",
    "change_password": "config.login_forms.ChangePasswordForm",
    "reauthenticate": "config.login_forms.PasswordAgainForm",
}
MFA_ADAPTER = "config.login.MFAAdapter"
MFA_TOTP_TOLERANCE = 1  # clocks of old phones are half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "config.login_forms.CodeForm",
    "reauthenticate": "config.login_forms.CodeAgainForm",
    "activate_totp": "config.login_forms.ActivateForm",
}
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False

# --- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # English: some pages, below /en/
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.stylesheets.StylesheetFinder",
]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "config.full_disk.WholeFileStorage"},
    # what no address leads to: each file is served by a view that asks who is looking
    "private": {
        "BACKEND": "config.full_disk.WholeFileStorage",
        "OPTIONS": {
            "location": DATA_DIR / "private",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.str("FILES_URL", default=""):
    STORAGES |= typed(
        lambda name, default: file_storage.storages(env.str(name)), "FILES_URL", "", "the address of an S3 storage"
    )

# --- safety ----------------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
if TIANDITU_KEY:
    SECURE_CSP["img-src"].append("https://*.tianditu.gov.cn")
PERMISSIONS_POLICY = {
    feature: [] for feature in ("camera", "microphone", "payment", "usb", "browsing-topics", "autoplay")
} | {"geolocation": "self"}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "config.session_store"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "config.message_cookie.Messages"

# --- watching: docs/watching.md ---------------------------------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="") or ("plain" if DEMO else "json")
if LOG_FORMAT not in log_lines.FORMATS:
    raise ImproperlyConfigured("LOG_FORMAT is neither json nor plain. See .env.example.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": log_lines.FORMATS[LOG_FORMAT], "zone": TIME_ZONE}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # what was refused stands in the line of its request
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
ALERT_EMAIL = env.list("ALERT_EMAIL", default=[])
ALERT_WEBHOOK = env.str("ALERT_WEBHOOK", default="")
if ALERT_WEBHOOK and not ALERT_WEBHOOK.startswith(("https://", "http://")):
    raise ImproperlyConfigured("ALERT_WEBHOOK must begin with https://. See .env.example.")
