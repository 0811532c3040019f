"""A mail server for other processes: every letter that reached it is a line in a file."""

import os

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    def send_messages(self, messages) -> int:
        with open(os.environ["GATEWAY"], "a") as book:
            for message in messages:
                message.message()  # headers are checked when the letter is made
                book.write(message.extra_headers["Message-ID"] + "\n")
        return len(messages)
