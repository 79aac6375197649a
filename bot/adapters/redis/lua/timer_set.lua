-- Set or move a timer. KEYS: times, payloads. ARGV: timer, time, payload.
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1
