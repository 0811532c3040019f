"""What happens next with a matter, and by when, as its raiser reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from consult import options
from consult.calendar import add_working_days, is_provisional
from consult.desk.tracking.told import Next
from consult.web.words import PUBLIC, say_span
from outcomes.chain.people import hide_in
from outcomes.models import SatisfactionSurvey
from outcomes.states import RUNNING_STATES, AssignmentState
from sessions.services import minutes_due_on
from sessions.states import SessionState
from topics.models import Topic
from topics.states import Profile
from topics.states import TopicState as S


class Coming:
    """One box: what happens next and by when."""

    def __init__(self, topic: Topic, sessions: list[Any], told_whole: bool):
        self.topic, self.sessions, self.told_whole = topic, sessions, told_whole  # sessions with their state of minutes

    def next(self) -> Next:
        answers: dict[str, Callable[[], Next]] = {
            S.SUBMITTED: self._next_screening,
            S.RETURNED: self._next_completing,
            S.POOLED: self._next_taking_up,
            S.APPROVED: self._next_preparing,
            S.CLAIMED: self._next_claimed,
            S.SCHEDULED: self._next_session,
            S.CONSULTED: self._next_result,
            S.CLOSED: self._next_closed,
        }
        found = answers.get(self.topic.state, self._ended)()
        if found.by is None or not is_provisional(found.by.year, self.topic.host_id):
            return found
        return replace(found, is_provisional=True)

    def _next_screening(self) -> Next:
        days = options.promised(self.topic.host_id, "limits.screening_days", self.topic.moved_on)
        by = add_working_days(self.topic.moved_on, days, self.topic.host_id)
        return Next(_("You hear whether it is accepted"), _("The office looks at every slip within that time."), by)

    def _next_completing(self) -> Next:
        days = options.promised(self.topic.host_id, "limits.returned_lapse_days", self.topic.moved_on)
        words = self._told(self.topic.reason)
        return Next(
            _("Please complete your slip"),
            words or _("Something is missing; the office tells you what."),
            self.topic.moved_on + timedelta(days=days),
        )

    def _next_taking_up(self) -> Next:
        if self.topic.profile == Profile.FORMAL:
            return Next(_("It waits for approval"), _("The chairpersons' council and the Party committee decide."))
        return Next(_("It waits to be taken up"), _("Whoever takes it up names the day by which you hear of it."))

    def _next_preparing(self) -> Next:
        return Next(_("A session is being prepared"), _("Its day and place will stand here."))

    def _next_claimed(self) -> Next:
        return Next(
            _("You hear how it goes on"), _("Whoever took it up has promised this day."), self.topic.promised_on
        )

    def _next_session(self) -> Next:
        for session in self.sessions:
            if session.state == SessionState.IN_PROGRESS:
                return Next(_("It is being talked over now"), session.where if self.told_whole else "")
            if session.state == SessionState.ANNOUNCED:
                when = say_span(session.starts_at, session.ends_at, PUBLIC)
                where = _("%(where)s: you may come and speak.") % {"where": session.where}
                return Next(_("Session on %(when)s") % {"when": when}, where if self.told_whole else "")
        return self._next_preparing()

    def _next_result(self) -> Next:
        owed = [due for one in self.sessions if not one.has_signed_minutes and (due := minutes_due_on(one))]
        if owed:
            return Next(_("The minutes are written and signed"), _("Then what was agreed stands here."), min(owed))
        running = self.topic.assignments.filter(state__in=RUNNING_STATES).select_related("lead_unit").order_by("due_on")
        if first := running.first():
            text = _("%(unit)s has to answer by then.") % {"unit": first.lead_unit.name} if self.told_whole else ""
            return Next(_("What was agreed is being carried out"), text, first.due_on)
        if self.topic.assignments.filter(state=AssignmentState.REPLIED).exists():
            return Next(_("Somebody goes to see whether it was done"), _("Nobody of the unit that did it verifies it."))
        if self.topic.assignments.exists():
            return Next(_("It is being closed out"), "")
        return Next(_("What was agreed is handed to those who carry it out"), _("Who does what by when stands here."))

    def _next_closed(self) -> Next:
        survey = SatisfactionSurvey.objects.filter(outcome__topic=self.topic).order_by("-pk").first()
        if survey is not None and survey.answered_on is None:
            words = _("Answer here or call the office; if you are not satisfied, the work begins again.")
            return Next(_("Say whether you are satisfied"), words, survey.due_on)
        return Next(_("Settled"), _("If it comes back, call the office: a settled matter can be opened again."))

    def _ended(self) -> Next:
        words = " ".join(filter(None, (self._told(self.topic.reason), self._told(self.topic.reply_text))))
        if self.topic.state == S.TRANSFERRED and self.told_whole:
            words = " ".join(filter(None, (_("Now with: %(unit)s.") % {"unit": self.topic.to_unit}, words)))
        return Next(str(self.topic.get_state_display()), words)

    def _told(self, text: str) -> str:
        """Words of the office, for who is known to be the raiser, without anybody's numbers."""
        return hide_in(text, ()) if self.told_whole else ""
