"""What we are made of: packages, their licences, and what is known against them (``python -m tests.supply``)."""
