"""What can be asked of any table of moves."""

from __future__ import annotations

from collections.abc import Iterable

from consult.workflow import Workflow


def unreachable(workflow: Workflow, states: Iterable[str], start: Iterable[str] = ()) -> set[str]:
    """States that no chain of moves reaches from the beginning."""
    begun = {str(state) for state in start} or set(workflow.initials())
    return {str(state) for state in states} - begun - set().union(*(workflow.reachable_from(state) for state in begun))


def unknown(workflow: Workflow, states: Iterable[str]) -> set[str]:
    """States that the table names and the model does not know."""
    return set(workflow.states) - {str(state) for state in states}
