"""``genworld worker`` and ``genworld jobs``: trainings in the background, as the Train tab shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from genworld.cli.texts import duration, shortened, table

if TYPE_CHECKING:
    from genworld.library.jobs import Job, Jobs

app = typer.Typer(no_args_is_help=False, add_completion=False, rich_markup_mode=None)

Number = Annotated[int, typer.Argument(metavar="JOB", min=1, help="Its number, see: genworld jobs")]


def worker(
    drain: Annotated[bool, typer.Option("--drain", help="Stop when nothing is left to do.")] = False,
) -> None:
    """Do queued trainings, one after the other. Ctrl+C saves the one at hand and puts it back into the queue.

    The page starts a worker of its own when there is work. More of them may share the queue.
    """
    import logging

    from genworld.worker.__main__ import run

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    run(drain=drain)


@app.callback(invoke_without_command=True)
def jobs(context: typer.Context) -> None:
    """List queued, running and past trainings, or act on one. Without a verb: list."""
    if context.invoked_subcommand is None:
        show_all()


@app.command("list")
def show_all() -> None:
    """List all trainings: what runs, what waits in which order, and the past ones."""
    with _jobs() as found:
        rows = [(str(job.id), job.title, job.model, _state(job), _progress(job)) for job in found.all()]
    if not rows:
        typer.echo("There are no trainings yet; queue one with: genworld train DATASET --background")
        return
    typer.echo(table(("job", "title", "model", "state", "progress"), rows))


@app.command()
def show(job: Number) -> None:
    """Tell everything about one training: how far it is, its latest figures, what was noticed."""
    with _jobs() as found:
        one, notes = found.get(job), found.notes(job)
        latest = {name: points[-1] for name, points in found.series(job).items() if points}
    typer.echo(f"{one.title} (job {one.id}, model {one.model}): {_state(one)}")
    for line in _details(one):
        typer.echo(f"  {line}")
    for name, (step, value) in latest.items():
        typer.echo(f"  {name} {value:.4g} (step {step})")
    for note in notes:
        typer.echo(f"  step {note.step}: {note.text}")


@app.command()
def cancel(job: Number) -> None:
    """Stop one, keeping what was learned."""
    _turn(lambda found: found.cancel(job))


@app.command()
def pause(job: Number) -> None:
    """Put one aside, to go on some other time."""
    _turn(lambda found: found.pause(job))


@app.command()
def resume(job: Number) -> None:
    """Queue one again that was paused."""
    _turn(lambda found: found.resume(job))


@app.command()
def retry(job: Number) -> None:
    """Queue one again that failed or was cancelled; it goes on from what was saved last."""
    _turn(lambda found: found.retry(job))


@app.command()
def finish(job: Number) -> None:
    """Let one learn no further, and measure what it learned."""
    _turn(lambda found: found.finish(job))


@app.command()
def delete(job: Number) -> None:
    """Take one off the list; its model stays."""
    from genworld.library import Library
    from genworld.worker import queue

    with Library.open() as library:
        gone = queue.delete(job, library)
    typer.echo(f"{gone.title} is off the list; bring it back with: genworld jobs restore {gone.id}")


@app.command()
def restore(job: Number) -> None:
    """Bring one back that was deleted."""
    from genworld.library import Library
    from genworld.worker import queue

    with Library.open() as library:
        back = queue.restore(job, library)
    typer.echo(f"{back.title}: {_state(back)}")


@contextmanager
def _jobs() -> Iterator[Jobs]:
    from genworld.library import Library

    with Library.open() as library:
        yield library.jobs


def _turn(act: Callable[[Jobs], Job]) -> None:
    with _jobs() as found:
        job = act(found)
    typer.echo(f"{job.title}: {_state(job)}")


def _state(job: Job) -> str:
    if job.wish is not None:
        return f"{job.state}, {job.wish} asked"
    return f"{job.state}, number {job.position}" if job.position is not None else str(job.state)


def _progress(job: Job) -> str:
    return f"step {job.step} of {job.total}" if job.total else "-"


def _details(job: Job) -> Iterator[str]:
    """Lines about how far one is."""
    if job.total:
        rate = f", {job.rate:.0f} examples a second" if job.rate else ""
        yield f"{_progress(job)}, {job.phase} on {job.device or 'no device yet'}, {duration(job.seconds)}{rate}"
    if job.spec.get("data"):
        chosen = [f"{name}={value}" for name, value in job.spec.get("settings", {}).items()]
        yield f"{job.spec.get('family')} of {job.spec['data']}" + (
            f" with {shortened(chosen, most=6)}" if chosen else ""
        )
    if job.error:
        yield job.error
