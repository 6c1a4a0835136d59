"""A stand-in Jira in a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ACCOUNT = ("sync@example.com", "stand-in-token")
"""Who may read it, and how that is proved."""


@asynccontextmanager
async def standing_in(data: Path, issues: int | None = None) -> AsyncIterator[str]:
    """Its address. With a number the file's issues are served again and again under new ids."""
    program = "from remit.entrypoints.cli import main; main()"
    arguments = ["standin", "jira", "--data", str(data), "--port", "0"]
    arguments += ["--issues", str(issues)] if issues is not None else []
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip().removeprefix("REMIT_JIRA_URL=")
    finally:
        process.terminate()
        await process.communicate()
