-- Forget a claim; one that is known to be sent stays sent. KEYS: deliveries hash. ARGV: effect id.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and string.sub(held, 1, 1) ~= 's' then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
