from .accounts import Account, Mandate
from .organisations import Organisation
from .people import Convenor, GroupMembership, Member, MemberGroup, MemberPost

__all__ = ["Account", "Convenor", "GroupMembership", "Mandate", "Member", "MemberGroup", "MemberPost", "Organisation"]
