"""How large a table may be; a file from outside is checked against these before it is unpacked."""

from __future__ import annotations

MAX_BYTES_OF_A_PATH = 200_000_000
MAX_COLUMNS = 5_000
MAX_ROWS = 1_000_000
# 50 million numbers are 400 MB; compressed formats reach any count from a tiny file.
MAX_CELLS = 50_000_000
MAX_TEXT = 500_000_000
MAX_DOMAINS = 256
MAX_NAME = 200
MAX_META_BYTES = 1_000_000
