"""Load a case file that was read: the same services as everybody else, by the system account, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from consult.errors import DomainError, Missing
from members.models import Account
from topics.models import Topic

from .course import Course
from .following import conclude
from .holding import hold
from .parties import host_of
from .problems import Problem
from .reader import problem_at, read_file
from .schema import CaseFile
from .taking_up import hand_in, screen, study, take_up


@dataclass
class Result:
    """What became of one file: loaded (with whom it created), known already, or refused with what to mend."""

    file: str
    topic: Topic | None = None
    created: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: bool = False
    changed: bool = False


def load_file(path: str | Path, *, actor: Account, today: date | None = None) -> Result:
    """Backfill one matter. Loading it twice changes nothing the second time; a bad file stores nothing."""
    reading = read_file(path, today=today)
    if reading.case is None:
        return Result(str(path), problems=reading.problems)
    course: Course | None = None
    try:
        with transaction.atomic():
            course = Course(reading.case, host_of(reading.case, actor), actor)
            return _load(course, str(path))
    except (DomainError, ValidationError) as error:
        here = course.here if course else "host"
        return Result(str(path), problems=_problems(reading.case, str(path), here, error))


def _load(course: Course, file: str) -> Result:
    case = course.case
    known = Topic.objects.filter(host=course.parties.host, case_key=case.key).first()
    if known is not None:
        return Result(file, topic=known, known=True, changed=known.case_sha256 != case.sha256)
    topic = hand_in(course)
    if screen(course, topic):
        take_up(course, topic)
        study(course, topic)
        for part in sorted(case.sessions, key=lambda one: one.starts_at):
            hold(course, topic, part)
        conclude(course, topic)
    return Result(file, topic=Topic.objects.get(pk=topic.pk), created=course.parties.created)


def _problems(case: CaseFile, file: str, here: str, error: DomainError | ValidationError) -> list[Problem]:
    if isinstance(error, Missing) and error.fields:
        messages = [str(message) for found in error.fields.values() for message in found]
    elif isinstance(error, ValidationError):
        messages = [str(message) for message in error.messages]
    else:
        messages = [str(error)]
    return [problem_at(case, file, here, message) for message in messages]
