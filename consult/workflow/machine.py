"""Transition and Workflow: who may comes from rules, when from the table; the right is asked first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import rules
from django.utils.translation import gettext_lazy as _

from consult.errors import FourEyes, NotAllowed, WrongState
from consult.workflow.eyes import is_own_matter


@dataclass(frozen=True)
class Transition:
    """One line of the procedure's table.

    No ``sources``: the move creates. ``target`` None: the state stays, unless ``targets`` names
    the states of which the service chooses one (it goes back where it came from).
    ``driven``: made by another service, never offered as a button.
    ``right`` borrows the permission of another verb.
    """

    verb: str
    label: Any
    sources: frozenset[str]
    target: str | None
    driven: bool = False
    style: str = ""
    targets: frozenset[str] = frozenset()
    right: str = ""

    @property
    def creates(self) -> bool:
        return not self.sources

    @property
    def leads_to(self) -> frozenset[str]:
        """The states this move can end in, other than the one it left untouched."""
        return self.targets | ({self.target} if self.target is not None else frozenset())

    def __str__(self) -> str:
        return str(self.label)


def move(
    verb: str,
    label: Any,
    sources: Iterable[str] = (),
    target: str | None = None,
    *,
    driven: bool = False,
    style: str = "",
    targets: Iterable[str] = (),
    right: str = "",
) -> Transition:
    """``move("pool", _("Admit to the pool"), {"submitted"}, "pooled")``"""
    sources = (sources,) if isinstance(sources, str) else sources
    return Transition(
        verb=verb,
        label=label,
        sources=frozenset(str(source) for source in sources),
        target=None if target is None else str(target),
        driven=driven,
        style=style,
        targets=frozenset(str(state) for state in targets),
        right=right,
    )


class Workflow:
    """The moves of one noun."""

    def __init__(self, noun: str, app_label: str, *transitions: Transition):
        self.noun = noun
        self.app_label = app_label
        self._steps = {step.verb: step for step in transitions}
        if len(self._steps) != len(transitions):
            raise ValueError(f"{noun}: a verb is listed twice")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._steps.values())

    def __contains__(self, verb: str) -> bool:
        return verb in self._steps

    def __repr__(self) -> str:
        return f"<Workflow {self.app_label}.{self.noun}: {', '.join(self.verbs)}>"

    def step(self, verb: str) -> Transition:
        return self._steps[verb]

    @property
    def verbs(self) -> list[str]:
        return list(self._steps)

    @property
    def states(self) -> frozenset[str]:
        return frozenset().union(*(step.sources | step.leads_to for step in self))

    def perm(self, verb: str) -> str:
        """The permission a move asks for: ``topics.pool_topic``."""
        return f"{self.app_label}.{self._steps[verb].right or verb}_{self.noun}"

    def check(self, subject: Any, verb: str, *, actor: Any) -> Transition:
        """May he, and is it the moment? The right first, so that a stranger learns nothing about the state."""
        step = self.step(verb)
        self._ask_right(subject, step, actor)
        if not step.creates and str(subject.state) not in step.sources:
            raise WrongState(_wrong_state(subject, step))
        return step

    def advance(self, subject: Any, verb: str, *, actor: Any, target: str | None = None) -> Transition:
        """Check, and set the state; saving, recording and publishing are the service's."""
        step = self.check(subject, verb, actor=actor)
        subject.state = _end_state(subject, step, target)
        return step

    def available(self, subject: Any, actor: Any) -> list[Transition]:
        """The moves to offer to this actor on this subject now, in the order of the table."""
        now = str(subject.state)
        return [step for step in self if not step.driven and now in step.sources and self._may(subject, step, actor)]

    def reachable_from(self, state: str) -> frozenset[str]:
        """Every state that moves can lead to from this one."""
        reached: set[str] = set()
        waiting = {str(state)}
        while waiting:
            here = waiting.pop()
            found = frozenset().union(*(step.leads_to for step in self if here in step.sources)) - reached
            reached |= found
            waiting |= found
        return frozenset(reached)

    def initials(self) -> frozenset[str]:
        """The states in which a creating move leaves its subject."""
        return frozenset().union(*(step.leads_to for step in self if step.creates))

    def finals(self) -> frozenset[str]:
        """The states that no move leaves."""
        left = {state for step in self for state in step.sources if step.leads_to - {state}}
        return self.states - left

    def _may(self, subject: Any, step: Transition, actor: Any) -> bool:
        perm = self.perm(step.verb)
        if getattr(actor, "is_system", False):
            return True
        if step.driven and not rules.perm_exists(perm):
            return True  # the service that drives the move has asked its own right; no door leads here
        return bool(actor.has_perm(perm, subject))

    def _ask_right(self, subject: Any, step: Transition, actor: Any) -> None:
        if self._may(subject, step, actor):
            return
        if is_own_matter(self.perm(step.verb), actor, subject):
            raise FourEyes()
        raise NotAllowed(_("You hold no mandate for “%(move)s” here.") % {"move": step.label})


def _end_state(subject: Any, step: Transition, target: str | None) -> str:
    if step.targets:
        chosen = str(target if target is not None else step.target)
        if chosen not in step.leads_to:
            raise ValueError(f"{step.verb} cannot end in {chosen}; it ends in one of {sorted(step.leads_to)}")
        return chosen
    if target is not None and str(target) != step.target:
        raise ValueError(f"{step.verb} ends in {step.target}, not in {target}")
    return subject.state if step.target is None else step.target


def _wrong_state(subject: Any, step: Transition) -> Any:
    named = getattr(subject, "get_state_display", None)
    state = named() if named else subject.state
    return _("“%(move)s” is not possible now: the state is “%(state)s”.") % {"move": step.label, "state": state}
