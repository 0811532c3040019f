from members.api.viewsets import ConvenorViewSet, GroupViewSet, MemberViewSet, OrganisationViewSet

ROUTES = [
    ("organisations", OrganisationViewSet),
    ("members", MemberViewSet),
    ("groups", GroupViewSet),
    ("convenors", ConvenorViewSet),
]
