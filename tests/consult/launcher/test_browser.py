"""Tests in a browser run where they can; where they cannot, the run says so instead of turning green in silence."""

import pytest

from consult.launcher import browser

MARKED = "import pytest\n\n@pytest.mark.browser\ndef test_page():\n    pass\n"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A checkout with one browser test, on a machine without Chromium and without root."""
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    (tmp_path / "tests" / "browser" / "test_pages.py").write_text(MARKED)
    (tmp_path / "tests" / "test_other.py").write_text("def test_sum():\n    assert 1 + 1 == 2\n")
    monkeypatch.setattr(browser, "BASE", tmp_path)
    monkeypatch.setattr(browser, "IS_ROOT", False)
    monkeypatch.setattr(browser, "executable", lambda: "")
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "expression"),
    [
        (["tests"], ""),
        (["tests/browser/test_pages.py::test_page"], ""),
        (["tests"], "browser"),
        (["tests"], "not servers"),
    ],
)
def test_without_chromium_the_reason_is_told(machine, paths, expression):
    assert "sudo apt-get install chromium fonts-noto-cjk" in browser.missing_browser(paths, expression)


@pytest.mark.parametrize(
    ("paths", "expression"),
    [(["tests/test_other.py"], ""), (["tests"], "not browser"), (["tests"], "servers")],
)
def test_whoever_does_not_ask_for_a_browser_is_not_bothered(machine, paths, expression):
    assert browser.missing_browser(paths, expression) == ""


def test_root_installs_what_is_missing(machine, monkeypatch):
    called = []
    monkeypatch.setattr(browser, "IS_ROOT", True)
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(browser.subprocess, "run", lambda command, **_: called.append(command))
    assert browser.missing_browser(["tests"], "")  # still missing after the attempt: said, not hidden
    assert called[-1][:3] == ["apt-get", "install", "-y"]
    assert {"chromium", "fonts-noto-cjk"} <= set(called[-1])


def test_a_machine_that_has_both_is_silent(machine, monkeypatch):
    monkeypatch.setattr(browser, "executable", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(browser, "_has_chinese", lambda: True)
    assert browser.missing_browser(["tests"], "") == ""
