"""A local Evolution API look-alike with a chat page. The bot does not know that it is not the real one."""

from webhooks.lookalike.delivery import Retries
from webhooks.lookalike.faults import Fault, Faults
from webhooks.lookalike.ledger import Accepted, Ledger
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.phones import Said
from webhooks.lookalike.server import LookAlike

__all__ = ["Accepted", "Fault", "Faults", "Instance", "Ledger", "LookAlike", "Patient", "Retries", "Said"]
