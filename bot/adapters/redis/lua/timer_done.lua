-- Forget a timer that fired, unless it was set to another time meanwhile. KEYS: times, payloads. ARGV: timer, its time.
local payload = redis.call('HGET', KEYS[2], ARGV[1])
if not payload or string.match(payload, '^([^|]*)|') ~= ARGV[2] then
  return 0
end
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('HDEL', KEYS[2], ARGV[1])
