"""``pool read``: the user's JSON Lines, Parquet and text files become a pool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out
from causalmix_core.cli.pool.show import print_pool
from causalmix_core.cli.resuming import resumable
from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.pools.sources.spec import SourceSpec

_FIELD_OPTIONS = ("text", "prompt", "response", "messages", "stratum", "per")


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "read",
        help="make a pool of JSON Lines, Parquet and text files",
        description="Read each domain's files (.jsonl, .json, .ndjson, .txt, .md, also .gz; .parquet) into a "
        "pool. Lines that give no document are kept in POOL_DIR/broken.jsonl with file, line and reason.",
    )
    parser.add_argument(
        "spec",
        metavar="SPEC.json",
        type=Path,
        nargs="?",
        help="which files make which domain (docs/POOLS.md)",
    )
    parser.add_argument(
        "--domain",
        metavar="NAME=PATTERN",
        action="append",
        default=[],
        help="in place of a spec, e.g. code='code/*.jsonl.gz'; may be given again",
    )
    _add_fields(parser)
    parser.add_argument("--name", help="what to call the pool (default: the folder's name)")
    parser.add_argument("--strict", action="store_true", help="stop at the first broken line")
    parser.add_argument(
        "--keep-duplicates", action="store_true", help="keep documents whose text has come before"
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_out(parser, "POOL_DIR", "folder of the pool: a new or empty one, or one to go on with")
    parser.set_defaults(run=run)


def _add_fields(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("fields, with --domain (default: --text text)")
    group.add_argument("--text", metavar="FIELD", help="the whole text")
    group.add_argument("--prompt", metavar="FIELD", action="append", help="the prompt; may be given again")
    group.add_argument("--response", metavar="FIELD", help="the response to the prompt")
    group.add_argument("--messages", metavar="FIELD", help="a list of messages with role and content")
    group.add_argument("--stratum", metavar="FIELD", help="kind of document within its domain")
    group.add_argument(
        "--per",
        choices=("file", "paragraph"),
        help="what is one document of a plain text file (default: file)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Read, and say what is there."""
    from causalmix_core.pools.building import BuildOptions
    from causalmix_core.pools.pool_file import BROKEN_FILE
    from causalmix_core.pools.sources.read import read_pool

    spec = _spec(arguments)
    options = BuildOptions(strict=arguments.strict, keep_duplicates=arguments.keep_duplicates)
    with resumable(speak=arguments.progress) as progress:
        pool = read_pool(spec, arguments.out, options, progress)
    print_pool(pool)
    broken = sum(entry.broken for entry in pool.entries)
    if broken:
        print(f"broken lines: {broken:,}, each with its reason in {arguments.out / BROKEN_FILE}")
    return 0


def _spec(arguments: argparse.Namespace) -> SourceSpec:
    """The spec, from its file or from the arguments."""
    from dataclasses import replace

    from causalmix_core.pools.sources.spec import fields_of, read_spec, spec_of_pairs

    given = {key: getattr(arguments, key) for key in _FIELD_OPTIONS if getattr(arguments, key) is not None}
    if (arguments.spec is None) == (not arguments.domain):
        raise PoolSourceError("pool read needs a SPEC.json or --domain NAME=PATTERN, one of them.")
    if arguments.spec is None:
        fields = fields_of(given, "The options")
        return spec_of_pairs(arguments.name or arguments.out.absolute().name, arguments.domain, fields)
    if given:
        names = " and ".join(f"--{key}" for key in given)
        raise PoolSourceError(f"{names} cannot stand beside a spec; say it in {arguments.spec}.")
    spec = read_spec(arguments.spec)
    return replace(spec, name=arguments.name) if arguments.name else spec
