from .raisers import Raiser
from .studies import FieldStudy
from .topics import Topic, TopicJoint
from .visits import Visit

__all__ = ["FieldStudy", "Raiser", "Topic", "TopicJoint", "Visit"]
