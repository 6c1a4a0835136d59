"""Measured figures beside their limits, and the page of docs they are written to."""

import os
import platform
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what was measured, the figure, and how it stands to the limit of the same run."""

    what: str
    figure: str
    ratio: str = ""


@dataclass(slots=True)
class Section:
    """The figures of one benchmark; `about` says what was done and what the limit is."""

    title: str
    about: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, figure: str, ratio: str = "") -> None:
        self.figures.append(Figure(what, figure, ratio))


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of wall clock and of this process's CPU."""

    wall_s: float
    cpu_s: float


class Stopwatch:
    """Measures a block: `with Stopwatch() as watch: ...` then `watch.spent`."""

    def __enter__(self) -> "Stopwatch":
        self._wall, self._cpu = perf_counter(), process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.spent = Spent(perf_counter() - self._wall, process_time() - self._cpu)


async def median_ms(ask: Callable[[], Awaitable[object]], times: int) -> float:
    """The median of some calls one after another, in milliseconds; the first is left out, as it warms up."""
    taken = []
    for _ in range(times + 1):
        with Stopwatch() as watch:
            await ask()
        taken.append(watch.spent.wall_s * 1000)
    return statistics.median(taken[1:])


def resident_mb() -> float:
    """Memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def machine() -> str:
    """The machine the figures were measured on, without its name."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    for line in info.read_text(encoding="utf-8").splitlines() if info.exists() else ():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0))
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    system = f"{platform.system()} {platform.machine()}"
    return f"{cpu}, {cores} cores, {memory_gb:.0f} GB, {system}, CPython {platform.python_version()}"


def page(sections: list[Section]) -> str:
    """All figures as a Markdown page."""
    lines = [
        "# Budgets: what things cost",
        "",
        "Written by `./dev bench`. Each figure stands beside a limit measured in the same run: read the ratios, since",
        "the absolute figures are those of one machine that was doing other things as well.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}.",
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.about, "", "| what | figure | ratio |", "| --- | --- | --- |"]
        lines += [f"| {one.what} | {one.figure} | {one.ratio} |" for one in section.figures]
    return "\n".join(lines) + "\n"
