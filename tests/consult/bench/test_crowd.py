"""The crowd of the sign-in measurement loses no job, however its connections are cut."""

import random
import socket
import threading
import time

import pytest

from consult.bench import crowd

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def dying(tmp_path):
    """The address of a server whose workers die: answered once, a line is cut at once or a little later."""
    address = str(tmp_path / "s")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(50)
    threading.Thread(target=take_callers, args=(listener,), daemon=True).start()
    yield address
    listener.close()


def take_callers(listener):
    while True:
        try:
            line, _peer = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer_once, args=(line,), daemon=True).start()


def answer_once(line):
    with line:
        line.recv(65536)
        time.sleep(random.choice((0, 0.01)))
        line.sendall(ANSWER)
        time.sleep(random.choice((0, 0, 0.03)))


@pytest.fixture
def now_and_then(monkeypatch):
    """Nobody can connect for half of the time, as while a worker is being replaced."""
    connect = crowd.Phone.connect
    monkeypatch.setattr(crowd.Phone, "connect", lambda self: time.monotonic() % 0.1 < 0.05 and connect(self))
    monkeypatch.setattr(crowd, "PATIENCE", 3.0)


def test_a_line_that_is_cut_while_nobody_speaks_costs_no_job(dying, now_and_then):
    told = crowd.work(dying, "/", ["{}"] * 600, 16)
    assert [status for status, _body in told["answers"]] == [200] * 600
