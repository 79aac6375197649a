"""Engines that run inside one installation, without servers of their own."""
