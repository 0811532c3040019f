from .raisers import Raiser
from .studies import FieldStudy
from .topics import Topic, TopicJoint

__all__ = ["FieldStudy", "Raiser", "Topic", "TopicJoint"]
