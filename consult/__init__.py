"""协商在基层: the platform on which a county CPPCC runs and records its grassroots consultations."""

from consult.celery import app as celery_app

__all__ = ["celery_app"]
