"""What all tests share: where the real data lies, and that a missing service is a failure where CI demands it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real catalogues; skips where it is absent, fails where REQUIRE_SHARED_DATA=1 demands it."""
    folder = Path(os.environ.get("UNION_CATALOG_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    if os.environ.get("REQUIRE_SHARED_DATA") == "1":
        pytest.fail(f"REQUIRE_SHARED_DATA=1, but {folder} is not there")
    pytest.skip(f"real data not found at {folder}")
