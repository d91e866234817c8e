"""No test depends on law texts that the developer has imported."""

from __future__ import annotations

import os

os.environ["CHECKER_STATUTES"] = "none"
