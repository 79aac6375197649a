"""Open the gateway: Evolution API at an address, or the local look-alike on our own."""
