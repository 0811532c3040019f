"""B58, B59, B61, F34: nothing goes to an inner address, nothing follows a redirect, nothing waits or reads for long."""

import json
import socket
import time

import pytest

from consult.delivery.channels import wire
from tests.consult.delivery import receivers

INNER = [
    "https://169.254.169.254/latest/meta-data",
    "https://127.0.0.1/hook",
    "https://[::1]/hook",
    "https://10.1.2.3/hook",
    "https://192.168.0.10/hook",
    "https://172.20.0.1/hook",
    "https://100.64.0.1/hook",
    "https://0x7f000001/hook",
    "https://0x7f.1/hook",
    "https://0177.0.0.1/hook",
    "https://2130706433/hook",
    "https://127.1/hook",
    "https://0/hook",
    "https://[::ffff:127.0.0.1]/hook",
    "https://[::ffff:10.0.0.1]/hook",
    "https://[64:ff9b::7f00:1]/hook",
    "https://[fe80::1%25eth0]/hook",
    "https://[fd00::1]/hook",
    "https://localhost/hook",
    "https://localhost./hook",
    "https://LOCALHOST/hook",
    "https://redis/hook",
    "https://printer.local/hook",
    "https://127.0.0.1./hook",
    "https://224.0.0.1/hook",
]


@pytest.mark.parametrize("url", INNER)
def test_inner_addresses_are_refused_by_their_spelling(url):
    with pytest.raises(wire.Refused):
        wire.check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/x",
        "ftp://qyapi.weixin.qq.com/x",
        "file:///etc/passwd",
        "https://a:b@qyapi.weixin.qq.com/",
        "https://",
        "https://qyapi.weixin.qq.com:0/",
        "https://qyapi.weixin.qq.com:99999/",
        "https://qyapi.weixin.qq.com/\r\nX: y",
        "https://qyapi.weixin.qq.com/#f",
        "javascript:alert(1)",
        "x" * 600,
    ],
)
def test_what_is_no_proper_address_is_refused(url):
    with pytest.raises(wire.Refused):
        wire.check_url(url)


def test_a_public_address_is_taken():
    assert wire.check_url("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x").hostname == "qyapi.weixin.qq.com"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_a_public_name_that_leads_inside_is_refused_when_connecting(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    place = (address, 443, 0, 0) if ":" in address else (address, 443)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(family, socket.SOCK_STREAM, 6, "", place)])
    with pytest.raises(wire.Refused):
        wire.post("https://qyapi.weixin.qq.com/x", b"{}", {})


def test_a_name_is_asked_for_once_and_the_connection_goes_to_what_was_checked(monkeypatch):
    """Rebinding: whatever a second look-up would say, nobody asks."""
    asked, connected = [], []

    def lookup(host, port, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.107.1.1" if len(asked) == 1 else "127.0.0.1", 443))]

    class Wire(socket.socket):
        def connect(self, place):
            connected.append(place)
            raise OSError("enough seen")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "socket", Wire)
    with pytest.raises(wire.NoAnswer):
        wire.post("https://qyapi.weixin.qq.com/x", b"{}", {})
    assert (asked, connected) == (["qyapi.weixin.qq.com"], [("203.107.1.1", 443)])


def test_a_name_with_one_inner_address_among_public_ones_is_refused(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443)) for place in ("203.107.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    with pytest.raises(wire.Refused):
        wire.post("https://qyapi.weixin.qq.com/x", b"{}", {})


def exchange(settings, answer):
    with receivers.receiver(answer) as made:
        settings.DELIVERY_INNER_HOSTS = [made.place]
        began = time.monotonic()
        try:
            return wire.post(f"http://{made.place}/hook?key=x", b'{"a": 1}', {"X": "y\r\nEvil: 1"}), made
        finally:
            made.took = time.monotonic() - began


def test_an_allowed_place_is_reached_and_no_header_is_smuggled(settings):
    answer, made = exchange(settings, receivers.says(0))
    assert (answer.status, json.loads(answer.body)["errcode"]) == (200, 0)
    head = made.heard[0].partition(b"\r\n\r\n")[0]
    assert b"\r\nEvil" not in head and b"POST /hook?key=x HTTP/1.1" in head


def test_only_the_very_port_is_allowed(settings):
    with receivers.receiver(receivers.says(0)) as made:
        settings.DELIVERY_INNER_HOSTS = ["127.0.0.1:1"]
        with pytest.raises(wire.Refused):
            wire.post(f"https://{made.place}/hook", b"{}", {})
        assert made.heard == []


@pytest.mark.parametrize(
    "answer", [receivers.hangs, receivers.drips, receivers.floods, receivers.floods_headers], ids=lambda f: f.__name__
)
def test_who_hangs_drips_or_floods_is_cut_off(settings, monkeypatch, answer):
    monkeypatch.setattr(wire, "SECONDS", 1.0)
    began = time.monotonic()
    with pytest.raises(wire.NoAnswer):
        exchange(settings, answer)
    assert time.monotonic() - began < 2.5


def test_a_redirect_is_not_followed(settings):
    answer, made = exchange(settings, receivers.redirects)
    assert (answer.status, len(made.heard)) == (302, 1)


def test_a_compressed_answer_is_not_unpacked(settings):
    answer, _made = exchange(settings, receivers.bombs)
    assert len(answer.body) == 1002


def test_a_chunked_answer_ends_with_its_last_chunk(settings):
    def chunked(request, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        time.sleep(3)  # keeps the line open

    began = time.monotonic()
    answer, _made = exchange(settings, chunked)
    assert answer.body == b"{}" and time.monotonic() - began < 2
