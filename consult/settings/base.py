"""Complete settings; the demo runs on these, the environment names the servers."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from consult.settings.environment import broker, database, flag, hours, words

BASE_DIR = Path(__file__).resolve().parent.parent.parent
RUN_DIR = Path(os.environ.get("CONSULT_RUN") or BASE_DIR / ".run").absolute()

# The launcher makes a key per run folder; this one serves commands that sign nothing (checks, migrations).
SECRET_KEY = os.environ.get("CONSULT_SECRET_KEY") or "not-secret-and-refused-in-production-" + "0" * 24
SECRET_KEY_FALLBACKS = words("CONSULT_SECRET_KEY_FALLBACKS")  # what was sealed or signed under an earlier key
DEBUG = flag("CONSULT_DEBUG")
ALLOWED_HOSTS = words("CONSULT_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CONSULT_ORIGINS")


INSTALLED_APPS = [
    "members",
    "topics",
    "sessions.apps.SessionsConfig",
    "outcomes",
    "consult.regions",
    "consult.audit",
    "consult.outbox",
    "consult.numbering",
    "consult.idempotency",
    "consult.options",
    "consult.calendar",
    "consult.delivery",
    "consult.reminders",
    "consult.files",
    "consult.web",
    "consult.rest",
    "consult.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "django_celery_beat",
    "django_htmx",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "sessions.middleware.ScreenMiddleware",  # answers what has not changed before anything else is asked
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "consult.web.middleware.SignInMiddleware",
    "members.middleware.FirstPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "consult.idempotency.middleware.OnceMiddleware",
    "consult.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "consult.urls"
WSGI_APPLICATION = "consult.wsgi.application"

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
                "consult.web.context_processors.house",
                "consult.delivery.context_processors.inbox",
            ]
        },
    }
]

# Servers

DATABASES = {"default": database(os.environ.get("DATABASE_URL") or "postgresql://consult@localhost/consult")}
if os.environ.get("CONSULT_DATABASE_NAME"):  # another database on the same server
    DATABASES["default"]["NAME"] = os.environ["CONSULT_DATABASE_NAME"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker only wakes workers: what must happen is a row. So nothing is retried or waited for while a page is made.
CELERY_BROKER_URL = broker(os.environ.get("REDIS_URL") or "redis://localhost:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "consult:",
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "visibility_timeout": 600,  # above CELERY_TASK_TIME_LIMIT, or a long task would run twice
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 30,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "consult"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SYNC_EVERY = 1  # the last run is what /healthz knows of beat

# In one process only: nothing is kept here that two workers must agree on or that must outlive a restart.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People

AUTH_USER_MODEL = "members.Account"
# For passwords only (it counts failures and locks); what somebody may is asked of rules.py, by Account.has_perm.
AUTHENTICATION_BACKENDS = ["members.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "members:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# Words, place and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.exists()]
STATIC_ROOT = Path(os.environ.get("CONSULT_STATIC_ROOT") or RUN_DIR / "static")
MEDIA_ROOT = Path(os.environ.get("CONSULT_MEDIA_ROOT") or RUN_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Where the server in front finds private files by itself (X-Accel-Redirect); empty: they are read here.
FILES_HANDED_OVER_AT = os.environ.get("CONSULT_FILES_HANDED_OVER_AT", "")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 30

# Mail goes to the console until a server is named

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or "django.core.mail.backends.console.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "xieshang@localhost")
PUBLIC_URL = os.environ.get("CONSULT_PUBLIC_URL", "")  # where letters lead to; without it they say: sign in

# Other ways out: nothing leaves by one that is not set up (docs/operations.md)

DELIVERY_CHANNELS = {
    "email": "consult.delivery.channels.mail.MailChannel",
    "sms": os.environ.get("CONSULT_SMS_ADAPTER") or "consult.delivery.channels.sms.SmsChannel",
    "robot": "consult.delivery.channels.robots.RobotChannel",
}
DELIVERY_SMS_URL = os.environ.get("CONSULT_SMS_URL", "")
DELIVERY_SMS_TOKEN = os.environ.get("CONSULT_SMS_TOKEN", "")
DELIVERY_ROBOTS = flag("CONSULT_ROBOTS", default=True)  # whether a CPPCC may enter robots of group chats at all
DELIVERY_ROBOT_HOSTS = words("CONSULT_ROBOT_HOSTS")  # beside the public services: a private WeCom, say
DELIVERY_INNER_HOSTS = words("CONSULT_INNER_HOSTS")  # host:port of gateways that may lie in the inner network
DELIVERY_QUIET_HOURS = hours("CONSULT_QUIET_HOURS", "22-7")  # for who has chosen none; empty: none

# What a browser may do with our pages

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# The API

REST_FRAMEWORK: dict[str, Any] = {
    # The token scheme comes first: an anonymous call is answered 401, not 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["consult.rest.parsing.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["consult.rest.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "consult.rest.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "consult.rest.exceptions.handle",
    "PAGE_SIZE": 20,
    "STRICT_JSON": True,
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": int(os.environ.get("CONSULT_PROXIES", "0")),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=365), "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "协商在基层",
    "DESCRIPTION": "Topics, consultations, outcomes and public notices of a county CPPCC.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TopicStateEnum": "topics.states.TopicState",
        "SessionStateEnum": "sessions.states.SessionState",
        "MinutesStateEnum": "sessions.states.MinutesState",
        "OutcomeStateEnum": "outcomes.states.OutcomeState",
        "AssignmentStateEnum": "outcomes.states.AssignmentState",
        "NoticeStateEnum": "outcomes.states.NoticeState",
        "VisitStateEnum": "topics.states.VisitState",
        "NoticeKindEnum": "outcomes.states.NoticeKind",
        "OrganisationKindEnum": "members.states.OrganisationKind",
        "ProductKindEnum": "outcomes.states.ProductKind",
        "FundsKindEnum": "outcomes.states.FundsKind",
        "PartyCategoryEnum": "topics.states.PartyCategory",
        "ConsensusLevelEnum": "sessions.states.Level",
        "AboutEnum": "topics.states.About",
        "StatementKindEnum": "sessions.states.StatementKind",
        "MethodEnum": "outcomes.states.Method",
        "AttachmentKindEnum": "consult.files.models.AttachmentKind",
        "UploadKindEnum": "consult.rest.uploads.UPLOAD_KINDS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "consult.rest.schema.add_problems",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"without_tokens": {"()": "consult.web.logs.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("CONSULT_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # A line for every wake-up, every few seconds, says nothing.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # It would write addresses of robots, which are secrets.
        "apprise": {"level": "WARNING"},
    },
}
