"""The Export page: the document, its files, and the command that makes the same."""
