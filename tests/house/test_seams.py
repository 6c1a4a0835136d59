"""A new source is one new file: nothing else in the code has to know of it."""

import shutil
import subprocess
import sys
from pathlib import Path

from support.repository import ROOT

SECOND = '''
"""A second source."""

from contextlib import nullcontext

from pydantic import BaseModel

from remit.domain.ids import SourceName
from remit_integrations.source import Source, SourceKind


class SecondSettings(BaseModel):
    url: str


SOURCE = SourceKind("second", SecondSettings, lambda told, shared: Source(SourceName("second"), told.url, nullcontext))
'''

ASK = """
from remit.entrypoints.settings import configured_sources, known_settings, read_settings, unknown_settings
told = {"REMIT_SECOND_URL": "https://second.example"}
print([(source.name, source.kind) for source in configured_sources(read_settings(told, None))])
print("REMIT_SECOND_URL" in known_settings(), unknown_settings(told, None))
"""


def test_a_file_among_the_sources_is_all_it_takes_to_configure_one(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "integrations", tmp_path / "integrations", ignore=shutil.ignore_patterns("__pycache__", "*.xz")
    )
    (tmp_path / "integrations/remit_integrations/sources/second.py").write_text(SECOND.lstrip(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={"PYTHONPATH": str(tmp_path / "integrations")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[('second', 'https://second.example')]\nTrue []\n", "")
