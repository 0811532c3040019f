"""Private attachments: a scan or photo of a recorded paper, of a verification, of a reply.

Doors use ``forms.AttachmentField`` and ``views.download_view``; services call ``services.store_file`` in the
transaction of the move. Nothing here is public: who may read a file is asked of the app that owns its subject.
"""
