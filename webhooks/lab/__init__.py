"""Everything that knows the contract of a partner laboratory (docs/lab-partner.md)."""
