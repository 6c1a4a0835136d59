"""Directories to throw away: gone with the block, or with the next one's start; nobody else's is ever touched."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.storage.embedded.account import Account
from remit.storage.embedded.places import IN_USE, PREFIX, throw_away


@pytest.fixture
def left() -> Iterator[Path]:
    """A directory as a killed process leaves it."""
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    (home / IN_USE).touch()
    (home / "data").mkdir()
    (home / "data" / "file").write_text("data")
    yield home
    shutil.rmtree(home, ignore_errors=True)


def others_start() -> None:
    """What any other start does."""
    with throw_away("", Account()):
        pass


def test_it_is_ours_alone_and_gone_after_the_block() -> None:
    with throw_away("", Account()) as home:
        assert home.stat().st_mode & 0o777 == 0o700
        (home / "file").touch()
    assert not home.exists()


def test_it_is_gone_after_an_error() -> None:
    with pytest.raises(OSError, match="full"), throw_away("", Account()) as home:
        raise OSError("full")
    assert not home.exists()


def test_what_is_left_behind_is_taken_away(left: Path) -> None:
    others_start()
    assert not left.exists()


def test_what_is_in_use_is_left_alone() -> None:
    with throw_away("", Account()) as home:
        others_start()
        assert home.exists()


def test_what_another_process_holds_is_left_alone(left: Path) -> None:
    with (left / IN_USE).open() as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)
        others_start()
        assert (left / "data" / "file").exists()


def test_what_bears_no_mark_is_left_alone(left: Path) -> None:
    (left / IN_USE).unlink()
    others_start()
    assert (left / "data" / "file").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a directory of somebody else")
def test_what_belongs_to_another_account_is_left_alone(left: Path) -> None:
    os.chown(left, 54321, 54321)
    others_start()
    assert (left / "data" / "file").exists()


def test_a_link_is_not_followed(left: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    left.rename(target)
    left.symlink_to(target)
    others_start()
    assert (target / "data" / "file").exists()
    left.unlink()


def test_a_link_inside_is_not_followed(left: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (left / "link").symlink_to(tmp_path)
    others_start()
    assert not left.exists()
    assert (tmp_path / "precious").read_text() == "precious"
