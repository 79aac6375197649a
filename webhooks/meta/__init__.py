"""WhatsApp's own Cloud API, spoken to directly: Meta's webhooks and the Graph API."""
