"""``export MIXTURE.json``: files for a trainer or a spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_accept, add_out
from causalmix_core.cli.checking import accepted_reason
from causalmix_core.cli.output import check_output, text_table
from causalmix_core.cli.reading import read_file
from causalmix_core.delivery.llama_factory import DEFAULT_EXAMPLES
from causalmix_core.delivery.numbers import plain, thousands
from causalmix_core.errors import ExportError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "export",
        help="write a mixture for a trainer",
        description="llama-factory writes dataset_info.json, mixture.yaml and shares.csv into the folder OUT; "
        "csv and json write the file OUT. The document is checked first; one whose checks fail is refused without --accept.",
    )
    parser.add_argument("mixture", metavar="MIXTURE.json", type=Path, help="document that decide wrote")
    parser.add_argument("--format", choices=("llama-factory", "csv", "json"), required=True)
    parser.add_argument(
        "--examples",
        type=int,
        help="examples in all, for llama-factory (default: the budget of the document where that counts examples, "
        f"else {DEFAULT_EXAMPLES})",
    )
    add_accept(parser)
    add_out(parser, "OUT", "folder for llama-factory, file for csv and json")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the document and write the format."""
    from causalmix_core.delivery.canonical_json import canonical_json
    from causalmix_core.delivery.reading import read_document
    from causalmix_core.delivery.verdict import refuse_blocked, verdict_of, with_acceptance

    reason = accepted_reason(arguments.accept)
    document = read_document(read_file(arguments.mixture))
    if verdict_of(document) is None:
        print("note: this document was written without checks.", file=sys.stderr)
    if reason:
        document = with_acceptance(document, reason)
    refuse_blocked(document)
    if arguments.format == "llama-factory":
        _llama_factory(document, arguments.out, arguments.examples)
        return 0
    contents = {arguments.out: _as_file(document, arguments.format)}
    if reason and arguments.format == "csv":
        # Shares have no place for the reason, so the document that holds it lies beside them.
        contents[arguments.out.with_name(f"{arguments.out.name}.mixture.json")] = canonical_json(document)
    for path in contents:
        check_output(path, (arguments.mixture,))
    for path, content in contents.items():
        write_atomically(path, content)
        print(path)
    return 0


def _as_file(document: dict[str, Any], form: str) -> bytes:
    from causalmix_core.delivery.canonical_json import canonical_json
    from causalmix_core.delivery.shares_csv import shares_csv

    return shares_csv(document) if form == "csv" else canonical_json(document)


def _llama_factory(document: dict[str, Any], out: Path, asked: int | None) -> None:
    from causalmix_core.delivery.llama_factory import default_examples, write_llama_factory

    examples = default_examples(document) if asked is None else asked
    if out.exists() and not out.is_dir():
        raise ExportError(f"--out {out} is a file; llama-factory takes the name of a folder.")
    paths, rows = write_llama_factory(document, out, examples=examples)
    table = [
        (
            row.domain,
            f"{plain(100 * row.asked, 3)}",
            f"{plain(100 * row.obtained, 3)}",
            thousands(row.examples),
            row.file_name if row.examples else "left out",
        )
        for row in rows
    ]
    print(text_table(("domain", "asked %", "obtained %", "examples", "file"), table))
    print(f"{thousands(examples)} examples in all.")
    for path in paths:
        print(path)
