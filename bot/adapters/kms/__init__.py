"""Key management services: they wrap and unwrap data keys, and never give their own key away."""
