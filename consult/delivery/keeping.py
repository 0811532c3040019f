"""What people set up and put right: their own choices, robots, test messages, what could not be sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, NotAllowed
from consult.outbox import Event

from . import routing
from .channels import is_configured, wire
from .channels.robots import check_robot
from .kinds import KINDS
from .models import ChannelName, Outgoing, OutgoingQuerySet, Pace, Preference, Robot
from .sealing import seal
from .sending import drop_robot, revive
from .wording import Host

MOST_ROBOTS = 20
#: Rows taken up again at a time; the rest at the next press of the button.
MOST_RESENT = 5000
TEST = "test"


def may_keep(actor: Any, host_id: int | None) -> bool:
    """The registrar and the office look after what leaves their CPPCC."""
    return bool(actor.has_perm("options.set_option", Host(host_id))) if host_id is not None else False


def _demand(actor: Any, host_id: int) -> None:
    if not may_keep(actor, host_id):
        raise NotAllowed(_("Channels are kept by the registrar and the office of the CPPCC."))


@transaction.atomic
def set_preference(
    account: Any,
    *,
    by_email: bool,
    by_sms: bool,
    pace: str,
    digest_hour: int,
    quiet_from: int | None,
    quiet_until: int | None,
    kinds: dict[str, str],
) -> Preference:
    """How I want to be told. What waits for a digest already still comes with the next one."""
    if (quiet_from is None) != (quiet_until is None):
        raise ValidationError({"quiet_until": _("Choose both hours, or neither.")})
    chosen = {kind: how for kind, how in kinds.items() if kind in KINDS and how in Pace.values}
    if quiet_from is not None and quiet_until is not None and Pace.DIGEST in (pace, *chosen.values()):
        during = (digest_hour - quiet_from) % 24 < (quiet_until - quiet_from) % 24
        if during:
            raise ValidationError({"digest_hour": _("The digest would come within your quiet hours; choose another.")})
    row, _fresh = Preference.objects.get_or_create(account=account)
    row.by_email, row.by_sms, row.pace, row.digest_hour = by_email, by_sms, pace, digest_hour
    row.quiet_from, row.quiet_until, row.kinds = quiet_from, quiet_until, chosen
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def add_robot(
    host_id: int, *, actor: Any, name: str, service: str, url: str, secret: str = "", kinds: Iterable[str] = ()
) -> Robot:
    """A robot of a group chat says from now on what kinds of notices there are. Its address is sealed at once."""
    _demand(actor, host_id)
    if not is_configured(ChannelName.ROBOT):
        raise Missing(_("This installation does not send to group robots (docs/operations.md)."))
    try:
        check_robot(service, url)
    except wire.Refused as error:
        raise ValidationError({"url": str(error)}) from None
    if Robot.objects.filter(host_id=host_id, removed_at=None).count() >= MOST_ROBOTS:
        raise ValidationError(_("At most %(most)s robots can be in use.") % {"most": MOST_ROBOTS})
    robot = Robot(
        host_id=host_id,
        name=name,
        service=service,
        sealed=seal({"url": url, "secret": secret}),
        kinds=[kind for kind in KINDS if kind in set(kinds)],
        set_by=actor,
        set_by_name=str(actor)[:60],
    )
    robot.full_clean(exclude=["created_at"])
    robot.save()
    record(actor=actor, verb="robot.add", subject=robot, host_id=host_id, data={"service": service})
    routing.memo.forget()
    return robot


@transaction.atomic
def remove_robot(robot: Robot, *, actor: Any) -> Robot:
    """It says nothing more; its address is thrown away."""
    _demand(actor, robot.host_id)
    Robot.objects.filter(pk=robot.pk, removed_at=None).update(removed_at=Now(), sealed="")
    drop_robot(robot)
    record(actor=actor, verb="robot.remove", subject=robot, host_id=robot.host_id)
    routing.memo.forget()
    return robot


@transaction.atomic
def send_test(host_id: int, *, actor: Any, channel: str, robot: Robot | None = None) -> Outgoing:
    """A message to myself, or into one group; it leaves like any other and stands in the log."""
    _demand(actor, host_id)
    if not is_configured(channel):
        raise Missing(_("This channel is not set up."))
    to = routing.address_of(actor, channel)
    if channel == ChannelName.ROBOT:
        if robot is None or robot.host_id != host_id or robot.removed_at is not None:
            raise Missing(_("Choose a robot."))
    elif not to:
        raise Missing(_("Your own account has no address for this channel."))
    words = _("This is a test. If you can read it, messages of the platform arrive here.")
    row = Outgoing.objects.create(
        channel=channel,
        robot=robot,
        account=None if robot else actor,
        host_id=host_id,
        kind=TEST,
        to=to,
        subject=_("Test message"),
        body=words,
    )
    record(actor=actor, verb="delivery.test", subject=row, host_id=host_id, data={"channel": channel})
    return row


@transaction.atomic
def resend(host_id: int, *, actor: Any, rows: OutgoingQuerySet) -> int:
    """What was given up is tried again, now, and under the address the person has today."""
    _demand(actor, host_id)
    dead = rows.of_host(host_id).dead()
    found = list(
        dead.order_by("pk").select_related("account").select_for_update(of=("self",), skip_locked=True)[:MOST_RESENT]
    )
    for row in found:
        address = routing.address_of(row.account, row.channel) if row.account else ""
        if address and address != row.to:
            Outgoing.objects.filter(pk=row.pk).update(to=address)
    done = revive(Outgoing.objects.filter(pk__in=[row.pk for row in found]))
    if found:
        record(actor=actor, verb="delivery.resend", subject=found[0], host_id=host_id, data={"count": len(found)})
    return done


@transaction.atomic
def retry_events(host_id: int, *, actor: Any, events: Any) -> int:
    """Handlers that keep failing try again from the beginning."""
    _demand(actor, host_id)
    events = events.filter(host_id=host_id)
    first = events.order_by("pk").first()
    if first is None:
        return 0
    done = events.revive()
    record(actor=actor, verb="outbox.retry", subject=first, host_id=host_id, data={"count": done})
    return done


def failing_events(host_id: int) -> Any:
    """Events of this CPPCC that no handler has taken yet although it was asked."""
    return Event.objects.waiting().filter(attempts__gt=0, host_id=host_id)
