-- A message failed for good; one that is known to be sent stays sent.
-- KEYS: deliveries hash. ARGV: effect id, now, seconds to keep, code.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and string.sub(held, 1, 1) == 's' then
  return 0
end
if redis.call('HEXISTS', KEYS[1], '_') == 0 then
  redis.call('HSET', KEYS[1], '_', ARGV[2])
end
redis.call('HSET', KEYS[1], ARGV[1], 'f|' .. ARGV[2] .. '|' .. ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
