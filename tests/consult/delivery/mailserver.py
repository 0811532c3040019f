"""A real SMTP server in a process of its own, that can be away: it writes each Message-ID it has taken into a book.

python -m tests.consult.delivery.mailserver PORT BOOK
"""

import socket
import sys
import threading


def serve(port: int, book: str) -> None:
    lock = threading.Lock()
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            wire, _where = server.accept()
            threading.Thread(target=_talk, args=(wire, book, lock), daemon=True).start()


def _talk(wire: socket.socket, book: str, lock: threading.Lock) -> None:
    with wire, wire.makefile("rb") as lines:
        wire.sendall(b"220 here\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"DATA":
                wire.sendall(b"354 go on\r\n")
                letter = _letter(lines)
                with lock, open(book, "a") as out:
                    out.write(_message_id(letter) + "\n")
                wire.sendall(b"250 taken\r\n")
            elif word == b"QUIT":
                wire.sendall(b"221 bye\r\n")
                return
            elif b"unknown@" in line:
                wire.sendall(b"550 no such user\r\n")
            else:
                wire.sendall(b"250 fine\r\n")


def _letter(lines) -> list[bytes]:
    letter = []
    for line in lines:
        if line == b".\r\n":
            break
        letter.append(line)
    return letter


def _message_id(letter: list[bytes]) -> str:
    return next(line.split(b":", 1)[1].strip().decode() for line in letter if line.lower().startswith(b"message-id"))


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
