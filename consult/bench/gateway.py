"""A way out of the machine that leads to a counter: batches over a socket, each key taken once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from consult.delivery.channels import Answers, Parcel, later, sent

#: Where the workers find it: a port of the loopback address.
PORT = "CONSULT_BENCH_GATEWAY"


class Gateway:
    """Outlives the workers that are killed."""

    def __init__(self) -> None:
        script = str(Path(__file__).with_name("counter.py"))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._process.stdout.readline())  # type: ignore[union-attr]  # a pipe, as asked

    def told(self) -> tuple[int, int, int]:
        """Distinct keys, repetitions that were refused, distinct addresses."""
        keys, refused, addresses = _ask(self.port, "told")
        return keys, refused, addresses

    def close(self) -> None:
        self._process.communicate("")


class GatewayChannel:
    """A batch, one answer."""

    batch = 1000

    def is_configured(self) -> bool:
        return True

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answers]:
        try:
            taken = _ask(int(os.environ[PORT]), [[parcel.key, parcel.to] for parcel in parcels])
        except (OSError, ValueError) as error:
            yield [later(parcel, type(error).__name__) for parcel in parcels]
            return
        yield [sent(parcel) if taken == len(parcels) else later(parcel, "cut off") for parcel in parcels]


def _ask(port: int, question: Any) -> Any:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link, link.makefile("rwb") as line:
        line.write(json.dumps(question).encode() + b"\n")
        line.flush()
        return json.loads(line.readline())
