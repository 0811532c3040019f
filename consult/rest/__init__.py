"""What the API shares: one mapping of errors, strict input, cursors without COUNT, named moves, one effect per key.

consult.rest.viewsets     StatefulViewSet, Move, Create
consult.rest.serializers  StrictSerializer, StrictModelSerializer, ActionsField, Reference
"""
