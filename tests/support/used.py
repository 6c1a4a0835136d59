"""What a program has used for a block, told on one line.

The standard library only: it is imported where nothing of ours is installed.
"""

import json
from pathlib import Path
from time import perf_counter, process_time


class Used:
    """Measures a block: `with Used() as used: ...` then `used.told(rows)`."""

    def __enter__(self) -> "Used":
        self._wall, self._cpu = perf_counter(), process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_s, self.cpu_s = perf_counter() - self._wall, process_time() - self._cpu

    def told(self, rows: int) -> str:
        """Seconds of wall clock and of CPU, the peak of memory of the whole process so far, and how many rows."""
        peak = {"peak_mb": peak_mb()}
        return json.dumps({"rows": rows, "wall_s": self.wall_s, "cpu_s": self.cpu_s} | peak) + "\n"


def peak_mb() -> float:
    """The most memory this process ever held. Not `ru_maxrss`, which remembers the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6
