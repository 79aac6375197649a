"""The way in, behind the webhooks: floods are bounded, and danger is answered when nobody else can."""
