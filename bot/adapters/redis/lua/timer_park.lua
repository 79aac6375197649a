-- Put an unreadable timer aside, so that it is kept as evidence and not claimed again.
-- KEYS: times, payloads, unreadable ones. ARGV: timer, payload.
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
