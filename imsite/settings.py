"""Every setting, read from the environment. `docs/operations.md` explains each `IM_…` name, its unit and its default."""

import sys
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from imsite.constants import *  # noqa: F403  (Django looks for every setting in this module)
from imsite.environment import connect_again, duration, env, mail, rate, secret, words
from imsite.release import static_version

BASE_DIR = Path(__file__).resolve().parent.parent
IM_VAR_DIR = Path(env.str("IM_VAR_DIR", default=str(BASE_DIR / "var")))
IM_VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the database, for the eyes of its user alone

# --- Safety -----------------------------------------------------------------------------------------------------------
IM_PRODUCTION = env.bool("IM_PRODUCTION", default=False)
DEBUG = env.bool("IM_DEBUG", default=False)
SECRET_KEY = secret("IM_SECRET_KEY", IM_VAR_DIR / "secrets", IM_PRODUCTION)
IM_JWT_SECRET = secret("IM_JWT_SECRET", IM_VAR_DIR / "secrets", IM_PRODUCTION)

IM_ALLOWED_HOSTS = words("IM_ALLOWED_HOSTS", "" if IM_PRODUCTION else "localhost,127.0.0.1,[::1]")
if not IM_ALLOWED_HOSTS:
    raise ImproperlyConfigured("IM_ALLOWED_HOSTS is not set. With IM_PRODUCTION=1 the names of this server must be given.")
IM_ALLOWED_ORIGINS = words("IM_ALLOWED_ORIGINS")
IM_TRUSTED_PROXIES = words("IM_TRUSTED_PROXIES")
IM_HTTPS = env.bool("IM_HTTPS", default=IM_PRODUCTION)

ALLOWED_HOSTS = IM_ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = [origin for origin in IM_ALLOWED_ORIGINS if "://" in origin]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IM_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IM_HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "skyeim_session"
SESSION_COOKIE_AGE = 30 * 86400
CSRF_COOKIE_NAME = "skyeim_csrf"
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# --- Application ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # daphne brings `runserver` for development; in a server process it would only load Twisted.
    *(["daphne"] if "runserver" in sys.argv[1:2] else []),
    "imsite.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "realtime",
    "audit",
    "preferences",
    "accounts",
    "presence",
    "chat",
    "announcements",
    "push",
    "imsite.apps.SiteConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "imsite.middleware.ForgivingSlash",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.EndedSessions",
    "preferences.middleware.Preferred",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "imsite.urls"
ASGI_APPLICATION = "imsite.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "preferences.middleware.look",
            ]
        },
    }
]

# --- People and tokens ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "app"
AUTHENTICATION_BACKENDS = ["accounts.backends.NameOrEmail"]
IM_MEDIA_DIR = Path(env.str("IM_MEDIA_DIR", default=str(IM_VAR_DIR / "media")))
IM_AVATAR_BYTES = env.int("IM_AVATAR_BYTES", default=8_388_608)
IM_ACCESS_TOKEN_LIFETIME = duration("IM_ACCESS_TOKEN_LIFETIME", "7d")
IM_REFRESH_TOKEN_LIFETIME = duration("IM_REFRESH_TOKEN_LIFETIME", "30d")
IM_DIRECT_MESSAGES = env.str("IM_DIRECT_MESSAGES", default="everyone")
IM_RATE_SIGN_IN_NAME = rate("IM_RATE_SIGN_IN_NAME", "1/m:10")
IM_RATE_SIGN_IN_ADDRESS = rate("IM_RATE_SIGN_IN_ADDRESS", "10/m:50")
IM_SIGN_UP = env.str("IM_SIGN_UP", default="invite")
IM_INVITE_LIFETIME = duration("IM_INVITE_LIFETIME", "7d")
IM_EMAIL_URL = env.str("IM_EMAIL_URL", default="")
IM_EMAIL_FROM = env.str("IM_EMAIL_FROM", default="")
IM_EMAIL_VERIFICATION = env.str("IM_EMAIL_VERIFICATION", default="none")
globals().update(mail("IM_EMAIL_URL"))
EMAIL_TIMEOUT = 20
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# What else it may say, the system check names.
ACCOUNT_EMAIL_VERIFICATION = IM_EMAIL_VERIFICATION if IM_EMAIL_VERIFICATION in ("optional", "mandatory") else "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*" if IM_EMAIL_VERIFICATION == "mandatory" else "email", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = "strict"  # pages tell nobody which addresses are known here
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # and no stranger makes this server write to strangers
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one takes its place once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = bool(IM_EMAIL_URL)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IM_HTTPS else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # accounts.throttle, for the page and the API together
MFA_ALLOW_UNVERIFIED_EMAIL = IM_EMAIL_VERIFICATION != "mandatory"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IM_HTTPS  # browsers themselves allow it for localhost alone
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": IM_JWT_SECRET,
    "USER_ID_CLAIM": "user_id",
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=IM_ACCESS_TOKEN_LIFETIME),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=IM_REFRESH_TOKEN_LIFETIME),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144

# --- Data -------------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{IM_VAR_DIR / 'skyeim.sqlite3'}")}
IM_DB_POOL = env.int("IM_DB_POOL", default=16)
IM_DB_THREADS = env.int("IM_DB_THREADS", default=4)
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a transaction that reads first could not become a writer later
        "timeout": 20,
        # FULL: the ack promises that the commit survives a loss of power. The checkpoint is made by a side thread.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=20000;",
    }
    _database["TEST"] = {"NAME": str(IM_VAR_DIR / "test.sqlite3")}
else:
    _database["CONN_MAX_AGE"] = 0  # the pool keeps connections; Django's own persistence leaks them under ASGI
    _database["CONN_HEALTH_CHECKS"] = True
    _pool = {"min_size": 2, "max_size": IM_DB_POOL, "timeout": 10, "reconnect_timeout": 1, "reconnect_failed": connect_again}
    # A network that swallows packets is noticed within seconds, not when TCP gives up; the address may say otherwise.
    _network = {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    }
    _database["OPTIONS"] = {**_network, **_database.get("OPTIONS", {}), "pool": _pool}

# Used codes and the limits of the account pages: shared by all processes, and there without Redis too.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Fan-out ----------------------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
IM_REDIS_PREFIX = env.str("IM_REDIS_PREFIX", default="skyeim")
IM_LAYER_CAPACITY = env.int("IM_LAYER_CAPACITY", default=50_000)
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "realtime.layers.redis.RedisLayer",
            "CONFIG": {"hosts": words("REDIS_URL"), "prefix": IM_REDIS_PREFIX, "capacity": IM_LAYER_CAPACITY},
        }
        if REDIS_URL
        else {"BACKEND": "realtime.layers.local.LocalLayer", "CONFIG": {"capacity": IM_LAYER_CAPACITY}}
    )
}

# --- The socket (protocol §1, §6, §7, §8) -----------------------------------------------------------------------------
IM_MAX_MESSAGE_SIZE = env.int("IM_MAX_MESSAGE_SIZE", default=65_536)
IM_COMPRESSION = env.bool("IM_COMPRESSION", default=False)
IM_MAX_CONNECTIONS = env.int("IM_MAX_CONNECTIONS", default=20_000)
IM_GROUP_MEMBERS = env.int("IM_GROUP_MEMBERS", default=10_000)
IM_MAX_CONNECTIONS_PER_USER = env.int("IM_MAX_CONNECTIONS_PER_USER", default=20)
IM_ONE_CONNECTION_PER_USER = env.bool("IM_ONE_CONNECTION_PER_USER", default=False)
IM_RATE_CHAT = rate("IM_RATE_CHAT", "50/s:400")
IM_RATE_TYPING = rate("IM_RATE_TYPING", "5/s:20")
IM_RATE_FRAMES = rate("IM_RATE_FRAMES", "50/s:200")
IM_RATE_HIGHLIGHT = rate("IM_RATE_HIGHLIGHT", "5/s:100")
IM_RATE_HANDSHAKE = rate("IM_RATE_HANDSHAKE", "50/s:500")
IM_OUTBOX_FRAMES = env.int("IM_OUTBOX_FRAMES", default=1024)
IM_OUTBOX_BYTES = env.int("IM_OUTBOX_BYTES", default=1_048_576)
IM_HEARTBEAT_INTERVAL = duration("IM_HEARTBEAT_INTERVAL", "30s")
IM_HEARTBEAT_TIMEOUT = duration("IM_HEARTBEAT_TIMEOUT", "60s")
IM_REQUEST_TIMEOUT = duration("IM_REQUEST_TIMEOUT", "30s")
IM_TICKET_LIFETIME = duration("IM_TICKET_LIFETIME", "30s")
IM_EDIT_WINDOW = duration("IM_EDIT_WINDOW", "24h")
IM_RECALL_WINDOW = duration("IM_RECALL_WINDOW", "24h")
IM_READ_TIMES = duration("IM_READ_TIMES", "30d")
IM_JOURNAL_QUEUE = env.int("IM_JOURNAL_QUEUE", default=20_000)
IM_JOURNAL_BATCH = env.int("IM_JOURNAL_BATCH", default=500)

# --- Presence (protocol §8) -------------------------------------------------------------------------------------------
IM_OFFLINE_GRACE = duration("IM_OFFLINE_GRACE", "5s")
IM_LEASE_RENEWAL = duration("IM_LEASE_RENEWAL", "8s")
IM_LEASE_LIFETIME = duration("IM_LEASE_LIFETIME", "20s")

# --- Web Push ---------------------------------------------------------------------------------------------------------
IM_PUSH = env.bool("IM_PUSH", default=True)
IM_PUSH_DELAY = duration("IM_PUSH_DELAY", "3s")
IM_PUSH_TTL = duration("IM_PUSH_TTL", "1d")
IM_PUSH_QUEUE = env.int("IM_PUSH_QUEUE", default=1_000)
IM_PUSH_PRIVATE_HOSTS = words("IM_PUSH_PRIVATE_HOSTS")
IM_VAPID_PRIVATE_KEY = env.str("IM_VAPID_PRIVATE_KEY", default="")
IM_VAPID_SUBJECT = env.str("IM_VAPID_SUBJECT", default="")

# --- Languages, static files, logs ------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATICFILES_DIRS = [BASE_DIR / "static"]
_static_version = static_version(BASE_DIR / "static")
STATIC_URL = f"/static/{_static_version}/"
STATIC_ROOT = IM_VAR_DIR / "static" / _static_version
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Before `collectstatic` has run, the files come straight from their folders, uncompressed.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.built").exists()
WHITENOISE_AUTOREFRESH = DEBUG


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802  (WhiteNoise's name)
    """Every static address holds the version, so none ever changes what it means."""
    return not DEBUG


IM_LOG_LEVEL = env.str("IM_LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": IM_LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # A request for another host's name is answered with 400; whoever scans the net would fill the log with tracebacks.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
