"""Where the shipped documents of data/ are: in the wheel, or in a checkout beside the package."""

from pathlib import Path


def data_folder() -> Path:
    """The folder of shipped documents."""
    package = Path(__file__).parent
    packaged = package / "_data"
    return packaged if packaged.is_dir() else package.parent / "data"
