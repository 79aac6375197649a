-- Take due timers for a while. KEYS: times, payloads. ARGV: now, most, time until which they are taken.
-- Returns timer, payload, timer, payload...
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
local taken = {}
for _, timer in ipairs(due) do
  local payload = redis.call('HGET', KEYS[2], timer)
  if payload then
    redis.call('ZADD', KEYS[1], ARGV[3], timer)
    taken[#taken + 1] = timer
    taken[#taken + 1] = payload
  else
    redis.call('ZREM', KEYS[1], timer)
  end
end
return taken
