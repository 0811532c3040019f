"""Production: everything comes from the environment, and what is missing stops the start with a sentence."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from consult.settings.base import *  # noqa: F403
from consult.settings.environment import broker, database, flag, required, words

DEBUG = False
SECRET_KEY = required("CONSULT_SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("CONSULT_SECRET_KEY is too short: 50 characters or more (docs/operations.md shows how).")
ALLOWED_HOSTS = words("CONSULT_HOSTS") or [required("CONSULT_HOSTS")]
DATABASES = {"default": database(required("DATABASE_URL"))}
CELERY_BROKER_URL = broker(required("REDIS_URL"))
MEDIA_ROOT = Path(required("CONSULT_MEDIA_ROOT"))
STATIC_ROOT = Path(required("CONSULT_STATIC_ROOT"))
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)

# A government network without certificates sets CONSULT_HTTPS=0, knowingly.
HTTPS = flag("CONSULT_HTTPS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whether the whole domain and its neighbours go by HTTPS is its owner's to say, not one application's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
