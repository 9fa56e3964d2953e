"""The default corpus: seven domains of real text, built on the user's machine from pinned packages."""
