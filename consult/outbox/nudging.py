"""Waking a worker.

The event is safe in its row, so a broker that does not answer costs half a second, once in a while.
"""

import logging
import time

from celery import current_app

log = logging.getLogger(__name__)

TASK = "outbox.relay"
_PATIENCE = 0.5  # seconds for a broker that does not answer
_REST = 10.0  # seconds without trying after it failed; the sweep of the clock goes on meanwhile
_resting_until = 0.0


def nudge() -> None:
    """Tell a worker that something waits. Named, not a partial: Django 5.2 cannot log a failing robust partial."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return
    try:
        _send()
    except Exception as error:  # whatever ails the broker, the move is committed and the row waits
        _resting_until = time.monotonic() + _REST
        log.warning("no worker could be woken (%s); the sweep will deliver", type(error).__name__)


def _send() -> None:
    options = {
        **current_app.conf.broker_transport_options,
        "socket_connect_timeout": _PATIENCE,
        "socket_timeout": _PATIENCE,
        "retry_on_timeout": False,
        "max_retries": 0,
    }
    with current_app.connection_for_write(connect_timeout=_PATIENCE, transport_options=options) as broker:
        current_app.send_task(TASK, connection=broker, retry=False, ignore_result=True, expires=60)
