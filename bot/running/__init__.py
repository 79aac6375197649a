"""What keeps a role running: consumers of queues, partitions, due work, and batches that are written behind."""
