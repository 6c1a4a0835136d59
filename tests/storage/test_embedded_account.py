"""Which account the servers run as, and how it gets to their programs without anything of others being opened up."""

import os
from pathlib import Path

import pytest

from remit.storage.embedded.account import Account, can_enter, reachable_programs, serving_account

STRANGER = Account(uid=os.geteuid() + 1, gid=os.getegid() + 1)


@pytest.fixture
def bin_dir(tmp_path: Path) -> Path:
    """The programs of a wheel, in a home that only its owner may enter."""
    home = tmp_path / "home"
    programs = home / "site-packages" / "a_wheel" / "pginstall" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").write_text("a program")
    libraries = home / "site-packages" / "a_wheel.libs"
    libraries.mkdir()
    (libraries / "libpq.so").write_text("a library")
    home.chmod(0o700)
    return programs


def test_an_ordinary_user_runs_them_as_itself_and_where_they_are(bin_dir: Path, tmp_path: Path) -> None:
    assert reachable_programs(Account(), bin_dir, tmp_path) == bin_dir


@pytest.mark.skipif(os.geteuid() == 0, reason="root runs them as another account")
def test_an_ordinary_user_needs_no_other_account() -> None:
    assert serving_account() == Account()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot run PostgreSQL as itself")
def test_root_runs_them_as_an_account_that_is_there_already() -> None:
    assert serving_account().uid not in (None, 0)


def test_what_cannot_be_entered_is_copied_with_its_libraries(bin_dir: Path, tmp_path: Path) -> None:
    found = reachable_programs(STRANGER, bin_dir, tmp_path)
    assert found.is_relative_to(tmp_path)
    assert not found.is_relative_to(tmp_path / "home")
    assert (found / "postgres").read_text() == "a program"
    assert (found.parents[2] / "a_wheel.libs" / "libpq.so").read_text() == "a library"
    assert not can_enter(STRANGER, bin_dir)


def test_a_copy_is_made_once(bin_dir: Path, tmp_path: Path) -> None:
    first = reachable_programs(STRANGER, bin_dir, tmp_path)
    (first / "postgres").write_text("the same copy")
    assert (reachable_programs(STRANGER, bin_dir, tmp_path) / "postgres").read_text() == "the same copy"


def test_a_copy_that_was_never_finished_is_taken_away(bin_dir: Path, tmp_path: Path) -> None:
    half_made = tmp_path / ".copying-abc"
    half_made.mkdir()
    reachable_programs(STRANGER, bin_dir, tmp_path)
    assert not half_made.exists()
