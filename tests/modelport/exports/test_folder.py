"""Plain files: what `sha256sum -c` finds right, and what the bundle held."""

import subprocess
import zipfile
from collections.abc import Callable

from modelport.bundle import Bundle
from modelport.exports import Exported


def test_the_files_are_the_members(exported: Callable[[str], Exported], built: Bundle) -> None:
    folder = exported("folder").path
    with zipfile.ZipFile(built.path) as archive:
        names = archive.namelist()
        assert all((folder / name).read_bytes() == archive.read(name) for name in names)
    assert set(exported("folder").files) == {*names, "SHA256SUMS", "modelport-export.json"}


def test_sha256sum_finds_them_right(exported: Callable[[str], Exported]) -> None:
    folder = exported("folder").path
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b": OK\n") == len(exported("folder").files) - 2
