-- Claim one outbound message.
-- KEYS: deliveries hash. ARGV: effect id, now, seconds to keep, oldest time worth keeping, most entries.
-- Returns {entry before or false, field '_' before or false}. Entries are '<c|s|f>|<time>|<gateway id or code>';
-- '_' holds the time since which we know this person's deliveries.
local held = redis.call('HMGET', KEYS[1], ARGV[1], '_')
if held[1] then
  return held
end
if held[2] then
  redis.call('HSET', KEYS[1], ARGV[1], 'c|' .. ARGV[2] .. '|')
else
  redis.call('HSET', KEYS[1], ARGV[1], 'c|' .. ARGV[2] .. '|', '_', ARGV[2])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
local count = redis.call('HLEN', KEYS[1]) - 1
local most = tonumber(ARGV[5])
if count > most or count % 32 == 0 then -- a look at all entries, paid once in 32 messages
  local all = redis.call('HGETALL', KEYS[1])
  local kept = {}
  for i = 1, #all, 2 do
    local at = tonumber(string.match(all[i + 1], '^%a|([^|]*)|'))
    if at and at < tonumber(ARGV[4]) then
      redis.call('HDEL', KEYS[1], all[i])
    elseif at and all[i] ~= ARGV[1] then
      kept[#kept + 1] = {at, all[i]}
    end
  end
  table.sort(kept, function(a, b) return a[1] < b[1] end)
  for i = 1, #kept + 1 - most do
    redis.call('HDEL', KEYS[1], kept[i][2])
  end
end
return held
