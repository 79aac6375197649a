"""Everything that knows Razorpay: payment links out, signed events in."""
