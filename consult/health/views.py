"""The page of the monitor."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consult import health


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 otherwise; the jobs' state is told but pages go on without them."""
    database = health.database_answers()
    state = {
        "database": database,
        "broker": health.broker_answers(),
        "beat": database and health.lately(health.beat_seen()),
        "worker": health.lately(health.worker_seen()),
    }
    return JsonResponse(
        {name: "ok" if fine else "down" for name, fine in state.items()}, status=200 if database else 503
    )
