"""Kills, damage, full disks, many processes: what was acknowledged is there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from library_samples import noise_draft, sprite_draft

from genworld.errors import GenworldError
from genworld.library import Library, opening, schema, snapshots

WRITER = """
import sys
from pathlib import Path
import numpy as np
from genworld.content import Sprite
from genworld.library import Library
from genworld.provenance import DataSource, SeedOrigin

path, name, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
source = DataSource(name="none", licence="CC0-1.0")
board = Library.open(path).board()
for number in range(count):
    pixels = np.full((4, 4, 4), 255, dtype=np.uint8)
    pixels[0, 0, :3] = name, number // 256, number % 256
    origin = SeedOrigin(checkpoint="a" * 64, model="m", seed=name, index=number)
    item = board.keep(Sprite(pixels), origin=origin, model="m", title=f"{name}-{number}", source=source)
    if number % 3 == 2:
        board.remove([item.id])
        print("removed", item.digest, flush=True)
    else:
        print("kept", item.digest, flush=True)
assert "torch" not in sys.modules
"""


def writer(path: Path, name: int, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(name), str(count)], stdout=subprocess.PIPE, text=True
    )


def filled(path: Path, count: int = 6) -> list[str]:
    process = writer(path, 1, count)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return [line.split()[1] for line in out.splitlines() if line.startswith("kept")]


def kept(path: Path) -> list[str]:
    with Library.open(path) as library:
        return [item.digest for item in library.board().items()]


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    chance = random.Random(5)
    there: set[str] = set()
    for round_ in range(10):
        process = writer(path, round_, 5000)
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(chance.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait()
        # The last line may be cut by the kill: only a whole one was acknowledged.
        for word, digest in (line.split() for line in lines if line.endswith("\n")):
            if word == "kept":
                there.add(digest)
        with Library.open(path) as library:
            assert library.notice is None
            assert there <= set(library.board().digests())
    assert len(there) > 10


def test_two_processes_share_one_library(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    processes = [writer(path, name, 150) for name in (1, 2)]
    outs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    expected = {line.split()[1] for out in outs for line in out.splitlines() if line.startswith("kept")}
    assert len(expected) == 200
    assert set(kept(path)) == expected


def test_many_threads_share_one_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite") as library:

        def work(name: int) -> None:
            for number in range(20):
                library.board().keep_all([sprite_draft(name * 100 + number)])

        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert library.board().count() == 160
        assert len(library.boards()) == 1


def age_snapshots(path: Path, seconds: float) -> None:
    for snapshot in snapshots.newest_first(path):
        then = time.time() - seconds
        os.utime(snapshot, (then, then))


def with_snapshot_of_all(path: Path, count: int = 6) -> list[str]:
    before = filled(path, count)
    connection = sqlite3.connect(path)
    snapshots.take(connection, path)
    connection.close()
    return before


def damages() -> list[tuple[str, bytes | None]]:
    return [("empty", b""), ("zeros", bytes(8192)), ("text", b"not a database at all" * 100), ("missing", None)]


@pytest.mark.parametrize(("name", "content"), damages())
def test_a_damaged_library_is_set_aside_and_restored(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / "library.sqlite"
    before = with_snapshot_of_all(path)
    age_snapshots(path, 7300)
    path.unlink() if content is None else path.write_bytes(content)
    with Library.open(path) as library:
        assert library.notice is not None
        assert "2 hours old" in library.notice
        assert set(library.board().digests()) == set(before)
        assert [item.digest for item in library.board().items()]
    if content is not None:
        assert (tmp_path / "library.sqlite.damaged-1").read_bytes() == content
    with Library.open(path) as library:
        assert library.notice is None


def test_damage_without_a_snapshot_is_told_and_nothing_deleted(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"garbage" * 1000)
    with Library.open(path) as library:
        assert library.notice is not None
        assert "no sound snapshot" in library.notice
        assert library.board().count() == 0
    assert (tmp_path / "library.sqlite.damaged-1").read_bytes() == b"garbage" * 1000


def test_a_damaged_snapshot_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with_snapshot_of_all(path)
    newest, older = snapshots.newest_first(path)[:2]
    newest.write_bytes(b"garbage" * 1000)
    path.write_bytes(b"garbage" * 1000)
    with Library.open(path) as library:
        assert library.notice is not None
        assert set(library.board().digests()) == set(kept(older))


def test_flipped_pages_are_found_or_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "whole" / "library.sqlite"
    path.parent.mkdir()
    before = set(with_snapshot_of_all(path, 30))
    sound = path.read_bytes()
    chance = random.Random(11)
    for round_ in range(20):
        folder = tmp_path / str(round_)
        shutil.copytree(path.parent, folder)
        content = bytearray(sound)
        start = chance.randrange(0, len(content) - 64)
        content[start : start + 64] = chance.randbytes(64)
        (folder / path.name).write_bytes(bytes(content))
        try:
            with Library.open(folder / path.name) as library:
                found = {item.digest for item in library.board().items()}
                assert found <= before
                assert library.notice is None or found == before
        except GenworldError as error:
            assert "another program" in str(error) or "newer" in str(error)  # noqa: PT017


def test_what_stood_in_the_log_of_a_lost_file_is_not_replayed_into_the_next(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    before = with_snapshot_of_all(path)
    path.with_name("library.sqlite-wal").write_bytes(b"old log")
    path.unlink()
    assert set(kept(path)) == set(before)
    assert (tmp_path / "library.sqlite.damaged-1-wal").read_bytes() == b"old log"


def test_few_snapshots_are_kept_but_those_before_an_upgrade_stay(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    filled(path)
    with sqlite3.connect(path) as connection:
        first = snapshots.take(connection, path, before_upgrade=True)
        for _ in range(snapshots.KEEP + 3):
            last = snapshots.take(connection, path)
    connection.close()
    found = snapshots.newest_first(path)
    assert found[0] == last
    assert found[-1] == first
    assert len(found) == snapshots.KEEP + 1
    assert not list(snapshots.folder_of(path).glob("*.tmp"))


@pytest.mark.parametrize(
    ("shift", "due"), [(0, False), (snapshots.EVERY_SECONDS + 1, True), (-3600, True)], ids=["new", "old", "future"]
)
def test_when_a_snapshot_is_due(tmp_path: Path, shift: float, due: bool) -> None:
    path = tmp_path / "library.sqlite"
    filled(path)
    age_snapshots(path, shift)
    assert snapshots.due(path) is due


def test_a_snapshot_that_fails_does_not_undo_the_click(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file where the folder should be")
    with Library.open(tmp_path / "library.sqlite") as library:
        library.board().keep_all([sprite_draft(1)])
        assert library.board().count() == 1


ADDS_A_COLUMN = ("ALTER TABLE boards ADD COLUMN colour TEXT", "UPDATE boards SET colour = 'grey'")


def test_an_upgrade_takes_a_snapshot_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite"
    before = filled(path)
    version = len(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ADDS_A_COLUMN))
    assert kept(path) == before
    newest = snapshots.newest_first(path)[0]
    assert "before-upgrade" in newest.name
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT DISTINCT colour FROM boards").fetchall() == [("grey",)]
    with sqlite3.connect(newest) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    connection.close()


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite"
    before = filled(path)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, (*ADDS_A_COLUMN, "SELECT 1 FROM nowhere")))
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            Library.open(path)
    assert kept(path) == before


def test_a_newer_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(GenworldError, match="newer genworld: its tables have version 99"):
        Library.open(path)
    assert path.read_bytes() == content


def test_another_programs_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mail (id)")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(GenworldError, match="another program"):
        Library.open(path)
    assert path.read_bytes() == content


def test_a_full_disk_is_told_with_the_folder_and_nothing_is_lost(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite") as library:
        board = library.board()
        item = board.keep_all([noise_draft(1)])[0]
        with library._database.reading() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(GenworldError, match="disk is full") as fault:
            board.keep_all([noise_draft(number) for number in range(2, 9)])
        assert str(tmp_path) in str(fault.value)
        assert board.items() == [item]
        with library._database.reading() as connection:
            connection.execute("PRAGMA max_page_count = 100000")
        board.keep_all([noise_draft(2)])
        assert board.count() == 2


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GenworldError, match=str(tmp_path / "file")):
        Library.open(tmp_path / "file" / "library.sqlite")
    (tmp_path / "library.sqlite").mkdir()
    with pytest.raises(GenworldError, match=str(tmp_path)):
        Library.open(tmp_path / "library.sqlite")


def test_a_read_only_library_is_told(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite") as library:
        board = library.board()
        with library._database.reading() as connection:
            connection.execute("PRAGMA query_only = ON")
        with pytest.raises(GenworldError, match="read-only"):
            board.keep_all([sprite_draft(1)])


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite")
    board = library.board()
    library.close()
    with pytest.raises(GenworldError, match="closed"):
        board.items()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "less than a minute"), (61, "1 minute"), (7300, "2 hours"), (86400 * 3, "3 days")],
)
def test_ages_in_words(seconds: float, words: str) -> None:
    assert opening._in_words(seconds) == words


def test_a_row_whose_bytes_changed_is_left_out_and_the_rest_shown(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with Library.open(path) as library:
        board = library.board()
        first, second, third = board.keep_all([sprite_draft(number) for number in range(3)])
        connection = sqlite3.connect(path)
        connection.execute("UPDATE items SET data = (SELECT data FROM items WHERE id = ?) WHERE id = ?", (1, 2))
        connection.execute("UPDATE items SET origin = '{' WHERE id = ?", (third.id,))
        connection.commit()
        connection.close()
        assert board.items() == [first]
        with pytest.raises(GenworldError, match="no item"):
            board.item(second.id)


def test_what_was_restored_is_as_safe_as_before(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with_snapshot_of_all(path)
    path.unlink()
    with Library.open(path) as library, library._database.reading() as connection:
        settings = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        assert settings == ["wal", 2]
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_damaged_library_gives_no_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with_snapshot_of_all(path, 30)
    sound = snapshots.newest_first(path)
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = bytes(len(content) - 4096 * 3)
    path.write_bytes(content)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError):
        snapshots.take(connection, path)
    connection.close()
    assert snapshots.newest_first(path) == sound
    assert not list(snapshots.folder_of(path).glob(".*"))
