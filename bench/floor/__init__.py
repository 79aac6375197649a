"""The floor: the same durable I/O on the same engines, and nothing else.

No logic, no parsing beyond one id, no order per person, no repeat guard, no metrics, no logs, no deadlines. It tells what the
engines and the client libraries leave for a Python process at best; it is nothing that anybody should run.
"""
