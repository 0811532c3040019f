from .muting import Mute
from .oversight import OversightNote
from .raisers import Raiser
from .studies import FieldStudy
from .topics import Topic, TopicJoint
from .visits import Visit

__all__ = ["FieldStudy", "Mute", "OversightNote", "Raiser", "Topic", "TopicJoint", "Visit"]
