"""Models go to a hub and come back: private by default, with a licence that is known, and the token in no other place."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_stand_in import TOKEN, StandIn, standing

from genworld import checkpoint
from genworld.checkpoint import Checkpoint
from genworld.cli import main
from genworld.errors import GenworldError
from genworld.mode import Mode
from genworld.stock import hub, trash
from genworld.stock.hub import Hub


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with standing() as found:
        yield found


@pytest.fixture
def there(stand_in: StandIn, tmp_path: Path) -> Hub:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    return Hub(stand_in.address, token)


def with_licence(found: Checkpoint, licence: str) -> None:
    data = found.manifest.run.data.model_copy(update={"licence": licence})
    run = found.manifest.run.model_copy(update={"data": data})
    checkpoint.write_manifest(found.folder, found.manifest.model_copy(update={"run": run}))


def test_there_and_back(caves: Checkpoint, stand_in: StandIn, there: Hub) -> None:
    pushed = hub.push(hub.parcel("caves"), "me/caves", there)
    repo = stand_in.repos["me/caves"]
    assert pushed.private
    assert repo.private
    assert pushed.revision == repo.head
    trash.discard("caves")
    arrival, commit = hub.pull("me/caves", there)
    assert arrival.new
    assert commit == repo.head
    assert arrival.checkpoint.manifest.model_copy(update={"resume": None}) == caves.manifest.model_copy(
        update={"resume": None}
    )
    assert arrival.checkpoint.load() is not None
    again, _ = hub.pull("me/caves", there, revision=commit)
    assert not again.new


def test_a_pull_is_pinned_before_anything_is_fetched(caves: Checkpoint, stand_in: StandIn, there: Hub) -> None:
    hub.push(hub.parcel("caves"), "me/caves", there)
    first = stand_in.repos["me/caves"].head
    stand_in.repos["me/caves"].commit({"manifest.json": b"{}"})
    stand_in.asked.clear()
    trash.discard("caves")
    hub.pull("me/caves", there, revision=first)
    fetched = [path for method, path, _ in stand_in.asked if method == "GET" and "/resolve/" in path]
    assert fetched
    assert all(f"/resolve/{first}/" in path for path in fetched)


def test_what_was_there_before_gives_way(caves: Checkpoint, stand_in: StandIn, there: Hub) -> None:
    stand_in.put("me/caves", {f"{'0' * 64}.safetensors": b"old", "notes.txt": b"mine"}, private=True)
    hub.push(hub.parcel("caves"), "me/caves", there)
    files = stand_in.repos["me/caves"].files
    assert f"{'0' * 64}.safetensors" not in files
    assert files["notes.txt"] == b"mine"


def test_a_public_repository_is_no_place_for_what_is_private(caves: Checkpoint, stand_in: StandIn, there: Hub) -> None:
    stand_in.put("me/caves", {"README.md": b""})
    with pytest.raises(GenworldError, match="seen by everybody"):
        hub.push(hub.parcel("caves"), "me/caves", there)
    assert stand_in.repos["me/caves"].files == {"README.md": b""}


@pytest.mark.parametrize("licence", ["unknown", ""])
def test_nobody_publishes_what_nobody_knows_the_licence_of(caves: Checkpoint, licence: str) -> None:
    with_licence(caves, licence)
    with pytest.raises(GenworldError, match="nobody said under which licence"):
        hub.parcel("caves", public=True)
    parcel = hub.parcel("caves", public=True, licence="CC-BY-4.0")
    assert "licence: CC-BY-4.0" in parcel.words
    assert b"license: cc-by-4.0\n" in bytes(parcel.files["README.md"])
    assert checkpoint.find("caves").manifest.run.data.licence == licence


def test_what_its_makers_said_is_not_overruled(caves: Checkpoint) -> None:
    with_licence(caves, "CC-BY-NC-4.0")
    with pytest.raises(GenworldError, match="what its makers said holds"):
        hub.parcel("caves", public=True, licence="MIT")


@pytest.mark.parametrize(("licence", "goes"), [("CC0-1.0", True), ("unknown", False), ("all rights reserved", False)])
def test_training_data_go_along_only_where_their_licence_says_so(caves: Checkpoint, licence: str, goes: bool) -> None:
    with_licence(caves, licence)
    (caves.folder / "explore").mkdir(exist_ok=True)
    (caves.folder / "explore" / "training.safetensors").write_bytes(b"examples")
    parcel = hub.parcel("caves")
    assert ("explore/training.safetensors" in parcel.files) is goes
    assert ("sheet.png" in parcel.files) is goes
    assert (b"(sheet.png)" in bytes(parcel.files["README.md"])) is goes
    assert ("go along" in parcel.words.splitlines()[-1]) is goes or "stay here" in parcel.words


def test_the_token_goes_nowhere_else(
    caves: Checkpoint, stand_in: StandIn, there: Hub, caplog: pytest.LogCaptureFixture, own_machine: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    hub.push(hub.parcel("caves"), "me/caves", there)
    trash.discard("caves")
    hub.pull("me/caves", there)
    for status in (401, 403, 404, 400):
        stand_in.fault = status
        with pytest.raises(GenworldError) as caught:
            hub.push(hub.parcel("caves"), "me/caves", there)
        assert TOKEN not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    assert TOKEN not in caplog.text
    held = b"".join(path.read_bytes() for path in own_machine.rglob("*") if path.is_file())
    assert TOKEN.encode() not in held
    assert all(TOKEN.encode() not in raw for raw in stand_in.repos["me/caves"].files.values())


def test_a_login_does_not_go_to_another_hub(
    caves: Checkpoint, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    stand_in.put("me/open", {"manifest.json": b"{}"})
    with pytest.raises(GenworldError, match="--token-file"):
        hub.push(hub.parcel("caves"), "me/caves", Hub(stand_in.address))
    with pytest.raises(GenworldError):
        hub.pull("me/open", Hub(stand_in.address))
    assert stand_in.asked
    assert all(TOKEN not in said for _, _, said in stand_in.asked)


def test_the_own_login_goes_to_the_hub_that_it_is_for(
    caves: Checkpoint, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", stand_in.address)
    assert hub.push(hub.parcel("caves"), "me/caves").private


@pytest.mark.parametrize(
    "address", ["http://example.org", "ftp://127.0.0.1", "https://me:secret@example.org", "example.org", "http://[", ""]
)
def test_an_address_is_encrypted_or_here(caves: Checkpoint, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(GenworldError, match=r"https://|could not be reached"):
        hub.pull("me/caves", Hub(address))


@pytest.mark.parametrize("repo", ["caves", "../me/caves", "me/caves/more", "me/", "https://x/y", "me/ca ves"])
def test_a_repository_has_two_names(caves: Checkpoint, there: Hub, stand_in: StandIn, repo: str) -> None:
    for ask in (lambda: hub.pull(repo, there), lambda: hub.push(hub.parcel("caves"), repo, there)):
        with pytest.raises(GenworldError, match="USER/NAME"):
            ask()
    assert not stand_in.asked


def test_what_is_no_model_is_not_fetched(stand_in: StandIn, there: Hub, own_machine: Path) -> None:
    stand_in.put("you/other", {"pytorch_model.bin": b"\x80\x04", "config.json": b"{}"})
    stand_in.put("you/large", {"manifest.json": b" " * (5 * 2**20)})
    for repo in ("you/other", "you/large", "you/none"):
        with pytest.raises(GenworldError, match=r"holds no model|holds more|no model you/none"):
            hub.pull(repo, there)
    assert not [path for _, path, _ in stand_in.asked if "/resolve/" in path]
    assert not list(own_machine.glob("models/*"))


def test_what_is_pulled_is_checked(caves: Checkpoint, stand_in: StandIn, there: Hub) -> None:
    hub.push(hub.parcel("caves"), "me/caves", there)
    repo = stand_in.repos["me/caves"]
    changed = {
        name: raw[:-1] + b"\x7f" if name == caves.manifest.weights.file else raw for name, raw in repo.files.items()
    }
    repo.commit(changed)
    trash.discard("caves")
    with pytest.raises(GenworldError, match="damaged"):
        hub.pull("me/caves", there)
    assert list(checkpoint.models_home().iterdir()) == []


def test_models_are_pulled_on_an_own_machine_alone(stand_in: StandIn, there: Hub) -> None:
    with pytest.raises(GenworldError, match="public page"):
        hub.pull("me/caves", there, mode=Mode.PUBLIC)
    assert not stand_in.asked


def test_the_command_asks_before_it_pushes(
    caves: Checkpoint,
    stand_in: StandIn,
    there: Hub,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = ["models", "push", "caves", "me/caves", "--endpoint", there.endpoint, "--token-file", str(there.token_file)]
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    with pytest.raises(SystemExit) as left:
        main(said)
    assert left.value.code != 0
    assert not stand_in.asked
    with pytest.raises(SystemExit) as left:
        main([*said, "--yes"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "What it learned from: genworld caves; licence: CC0-1.0." in out
    assert "May I sell what it makes: Yes" in out
    assert TOKEN not in out
