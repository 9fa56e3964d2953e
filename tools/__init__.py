"""What starts the product on a machine; no part of the product itself."""
