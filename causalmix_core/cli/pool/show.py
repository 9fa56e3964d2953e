"""``pool show``: what a pool holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.output import print_json, text_table
from causalmix_core.delivery.numbers import thousands

if TYPE_CHECKING:
    import argparse

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.token_meta import TokenTotals


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "show",
        help="what a pool holds, by domain",
        description="Documents, tokens (where the pool was tokenised), bytes, duplicates and broken lines of "
        "each domain.",
    )
    parser.add_argument("pool", metavar="POOL_DIR", type=Path, help="the pool")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show it."""
    from causalmix_core.pools.pool import open_pool

    pool = open_pool(arguments.pool)
    if arguments.json:
        print_json(_as_json(pool))
    else:
        print_pool(pool)
    return 0


def print_pool(pool: Pool) -> None:
    """A table of the domains, and the pool's hash."""
    from causalmix_core.pools.token_meta import token_totals

    made = token_totals(pool)
    tokens = [f"tokens ({totals.tokenizer_sha256[:8]})" for totals in made]
    rows = [
        (
            entry.name,
            thousands(entry.documents),
            *(_tokens(totals, entry.name) for totals in made),
            *map(thousands, (entry.bytes, entry.duplicates, entry.broken)),
        )
        for entry in pool.entries
    ]
    print(f"{pool.folder}: {pool.name}, {len(pool.entries)} domains")
    print(text_table(("domain", "documents", *tokens, "bytes", "duplicates", "broken"), rows))
    print(f"pool {pool.sha256}")


def _tokens(totals: TokenTotals, domain: str) -> str:
    return thousands(totals.tokens[domain]) if domain in totals.tokens else "not yet"


def _as_json(pool: Pool) -> dict[str, Any]:
    from dataclasses import asdict

    from causalmix_core.pools.token_meta import token_totals

    return {
        "name": pool.name,
        "sha256": pool.sha256,
        "domains": [asdict(entry) for entry in pool.entries],
        "tokens": {totals.tokenizer_sha256: totals.tokens for totals in token_totals(pool)},
    }
