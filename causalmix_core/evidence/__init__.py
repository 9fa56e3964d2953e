"""Evidence: one validated table of proxy runs, from a file of any common format."""

from causalmix_core.evidence.canonical import content_hash, table_csv, table_meta, write_runs
from causalmix_core.evidence.combine import combine_runs
from causalmix_core.evidence.imports import import_olmix, import_regmix
from causalmix_core.evidence.inspect import ColumnSummary, Inspection, inspect_runs
from causalmix_core.evidence.meta import TableMeta, meta_path, parse_meta
from causalmix_core.evidence.opening import load, parse_runs, read_runs
from causalmix_core.evidence.pool_state import (
    average_pool,
    parse_pool,
    pool_by_id,
    pool_json,
    pool_names,
    resolve_pool,
)
from causalmix_core.evidence.reading import read_frame
from causalmix_core.evidence.roles import ROLES, Role, guess_roles
from causalmix_core.evidence.table import MEAN_OUTCOME, Covariate, Issue, Outcome, RunsTable

__all__ = [
    "MEAN_OUTCOME",
    "ROLES",
    "ColumnSummary",
    "Covariate",
    "Inspection",
    "Issue",
    "Outcome",
    "Role",
    "RunsTable",
    "TableMeta",
    "average_pool",
    "combine_runs",
    "content_hash",
    "guess_roles",
    "import_olmix",
    "import_regmix",
    "inspect_runs",
    "load",
    "meta_path",
    "parse_meta",
    "parse_pool",
    "parse_runs",
    "pool_by_id",
    "pool_json",
    "pool_names",
    "read_frame",
    "read_runs",
    "resolve_pool",
    "table_csv",
    "table_meta",
    "write_runs",
]
