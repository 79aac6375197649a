"""What the service needs from the outside, as small Protocols. mypy checks that adapters fit."""
