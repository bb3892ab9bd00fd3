"""What processes of ours are started with: the way to Python and to the data folder, and none of a person's secrets."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from genworld import paths

PASSED = frozenset(
    (
        *("PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("GENWORLD_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"),
        *("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "COMSPEC", "PATHEXT"),
    )
)
PREFIXES = ("LC_", "CUDA_", "NVIDIA_", "CUBLAS_", "PYTORCH_", "TORCH_", "ROCR_", "HIP_")


def scrubbed(environ: Mapping[str, str]) -> dict[str, str]:
    """Of an environment what a job needs.

    >>> scrubbed({"PATH": "/bin", "HF_TOKEN": "hf_1", "LC_ALL": "C"})
    {'PATH': '/bin', 'LC_ALL': 'C'}
    """
    return {name: value for name, value in environ.items() if name.upper() in PASSED or name.startswith(PREFIXES)}


def ours(threads: object = None) -> dict[str, str]:
    """The environment of a process of ours: what is needed of this one's, and the same data folder.

    Args:
        threads: of the numeric libraries, a whole number; anything else leaves them to themselves.
    """
    numeric = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads)) if isinstance(threads, int) else {}
    return scrubbed(os.environ) | numeric | {"GENWORLD_HOME": str(paths.home())}


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours with this Python."""
    return [sys.executable, "-m", module, *arguments]
