"""LibreOffice, as whoever gets the files opens them."""

import shutil
import subprocess
from pathlib import Path


def converted(folder: Path) -> dict[str, bytes]:
    """Every file in the folder as LibreOffice prints it to PDF, by the file's name."""
    office = shutil.which("soffice")
    assert office, "`live test --long` installs LibreOffice or names it"
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "out"), *names]
    subprocess.run(command, cwd=folder, check=True, timeout=600, capture_output=True)
    return {name: (folder / "out" / name).with_suffix(".pdf").read_bytes() for name in names}
