-- A message went out. KEYS: deliveries hash, asked hash.
-- ARGV: effect id, now, seconds to keep, gateway id (sealed), question ('' for none), seconds to keep questions, most questions,
-- name of the question.
if redis.call('HEXISTS', KEYS[1], '_') == 0 then
  redis.call('HSET', KEYS[1], '_', ARGV[2])
end
redis.call('HSET', KEYS[1], ARGV[1], 's|' .. ARGV[2] .. '|' .. ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[8], ARGV[2] .. '|' .. ARGV[5])
  redis.call('EXPIRE', KEYS[2], ARGV[6])
  local most = tonumber(ARGV[7])
  if redis.call('HLEN', KEYS[2]) > most then
    local all = redis.call('HGETALL', KEYS[2])
    local kept = {}
    for i = 1, #all, 2 do
      kept[#kept + 1] = {tonumber(string.match(all[i + 1], '^([^|]*)|')) or 0, all[i]}
    end
    table.sort(kept, function(a, b) return a[1] < b[1] end)
    for i = 1, #kept - most do
      redis.call('HDEL', KEYS[2], kept[i][2])
    end
  end
end
return 1
