-- Forget a timer, whatever its time. KEYS: times, payloads. ARGV: timer.
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('HDEL', KEYS[2], ARGV[1])
