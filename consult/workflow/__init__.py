"""State machines as data: services, buttons, the API and the printed chart read the same table."""

from consult.workflow.eyes import four_eyes
from consult.workflow.machine import Transition, Workflow, move

__all__ = ["Transition", "Workflow", "four_eyes", "move"]
