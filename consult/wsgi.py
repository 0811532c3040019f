"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.settings.production")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  every page's code is loaded now, not in somebody's first request
