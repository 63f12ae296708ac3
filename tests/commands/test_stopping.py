"""A command that is asked to end, by whatever it is asked, leaves nothing of customers behind."""

import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from helpdesk.commands.ending import ending_in_order
from helpdesk.commands.stopping import passing_folder

ALL = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


@pytest.mark.parametrize("first", ALL)
def test_who_is_asked_again_while_clearing_away_clears_away_all_the_same(
    monkeypatch: pytest.MonkeyPatch, first: signal.Signals
) -> None:
    """As by sudo, which sends one signal right after another when the link is cut."""
    clear_away = TemporaryDirectory.cleanup

    def asked_meanwhile(folder: TemporaryDirectory[str]) -> None:
        for number in ALL:
            signal.raise_signal(number)
        clear_away(folder)

    monkeypatch.setattr(TemporaryDirectory, "cleanup", asked_meanwhile)
    with pytest.raises(KeyboardInterrupt), ending_in_order(), passing_folder() as folder:
        Path(folder, "copy").write_text("words of customers")
        signal.raise_signal(first)
    assert not Path(folder).exists()
    assert signal.getsignal(signal.SIGHUP) is signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_two_who_ask_at_once_stop_it_once() -> None:
    stopped = 0
    with ending_in_order():
        for number in (signal.SIGHUP, signal.SIGTERM):
            try:
                signal.raise_signal(number)
            except KeyboardInterrupt:
                stopped += 1
    assert stopped == 1


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_what_a_script_put_into_the_background_clears_away_too(number: signal.Signals) -> None:
    """There the shell has switched Ctrl+C off, and it stays so."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), ending_in_order(), passing_folder() as folder:
            Path(folder, "copy").write_text("words of customers")
            signal.raise_signal(signal.SIGINT)
            assert Path(folder).exists()
            signal.raise_signal(number)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert not Path(folder).exists()
