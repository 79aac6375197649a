"""The Lua scripts of the streams bus. Each is one atomic step."""

from __future__ import annotations

from importlib.resources import files

TAKE = files("bot.adapters.streams").joinpath("take.lua").read_text(encoding="utf-8")

# KEYS: lease, alive key. ARGV: consumer.
RELEASE = """
redis.call('DEL', KEYS[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""

# KEYS: stream, later. ARGV: group, entry id, delay in ms, message. Nothing happens when the entry is not pending any more.
POSTPONE = """
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
local clock = redis.call('TIME')
local due = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(ARGV[3])
redis.call('ZADD', KEYS[2], due, ARGV[2] .. ' ' .. ARGV[4])
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
"""

# KEYS: stream, parked stream. ARGV: group, entry id, parked record.
SET_ASIDE = """
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'm', ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
"""

# KEYS: parked stream, stream. ARGV: parked id, message. Returns 0: no such parked message, -1: no such queue.
REPLAY = """
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
if not redis.call('XADD', KEYS[2], 'NOMKSTREAM', '*', 'm', ARGV[2]) then return -1 end
redis.call('XDEL', KEYS[1], ARGV[1])
return 1
"""
