"""Entry points of the worker."""

from celery import shared_task

from consult.files import services


@shared_task(name="files.sweep", ignore_result=True, acks_late=True)
def sweep_files() -> None:
    services.sweep_files()
    services.sweep_copies()
    services.purge_removed()
