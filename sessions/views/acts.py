"""Buttons on the desk of the recorder: marks, the queue, the clock, reading out, striking out and putting back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from sessions import services
from sessions.states import Attendance
from sessions.views.base import SmallAct, number_in
from sessions.views.record import is_htmx, parts


class RecordAct(SmallAct):
    """A button on the desk of the recorder."""

    def respond(self, request: Any) -> HttpResponse:
        return parts(request, self.session) if is_htmx(request) else super().respond(request)

    def get_back_url(self) -> str:
        return reverse("sessions:record", args=[self.session.uuid])


class AttendanceAct(RecordAct):
    """Sign in, excuse, mark absent, or take the mark back."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.participants.all(), line)
        mark = request.POST.get("mark", "")
        came = number_in(request, "came", row.count) if mark == Attendance.PRESENT else None
        services.mark_attendance(row, mark, actor=request.user, came=came)


class QueueAct(RecordAct):
    """Into the queue of speakers, or out of it."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.participants.all(), line)
        acts = {"speak": services.give_floor, "back": services.step_back}
        acts.get(request.POST.get("do", ""), services.ask_to_speak)(row, actor=request.user)


class FloorFree(RecordAct):
    """Who had the floor has finished."""

    def act(self, request: Any) -> None:
        services.end_floor(self.session, actor=request.user)


class ClockAct(RecordAct):
    """The next item of the agenda, back to the one before, or five minutes more for this one."""

    def act(self, request: Any) -> None:
        running = services.running_item(self.session)
        seen = request.POST.get("after") or None
        if request.POST.get("do") == "extend" and running is not None:
            running.session = self.session
            services.extend_item(running, actor=request.user)
        elif request.POST.get("do") == "back":
            services.previous_item(self.session, actor=request.user, after=seen)
        else:
            services.next_item(self.session, actor=request.user, after=seen)


class ReadBack(RecordAct):
    """宣读: read out, or to be read again."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.consensus_points.all(), line)
        services.read_back(row, actor=request.user, done=request.POST.get("do") != "again")


class Restore(RecordAct):
    """A line that was struck out stands again where it stood."""

    def act(self, request: Any, line: Any) -> None:
        services.restore_line(self.line(self.session.struck_lines.all(), line), actor=request.user)


class RemoveLine(RecordAct):
    """Take a statement, a point or a reservation out of the record."""

    SERVICES = {
        "statements": services.remove_statement,
        "consensus_points": services.remove_point,
        "dissent_points": services.remove_dissent,
    }
    rows = ""

    def act(self, request: Any, line: Any) -> None:
        self.struck = None
        row = getattr(self.session, self.rows).filter(uuid=line).first()
        if row is not None:  # the other recorder may have been faster
            row.session = self.session
            self.struck = self.SERVICES[self.rows](row, actor=request.user)

    def respond(self, request: Any) -> HttpResponse:
        return parts(request, self.session, undo=self.struck) if is_htmx(request) else super().respond(request)
