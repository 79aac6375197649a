-- Take one slot of a person's day. KEYS: hash of notices, each "moment of sending, end of the day on which it counts".
-- ARGV: notice id, limit, now, start of the day, end of the day, seconds to keep. Returns 1 or 0.
-- A notice counts when it was sent today, or when the day on which it was sent is not over where the person was then: who flies
-- to another zone does not begin again at five.
local now, start, count = tonumber(ARGV[3]), tonumber(ARGV[4]), 0
local taken = redis.call('HGETALL', KEYS[1])
for place = 1, #taken, 2 do
  local at, over = string.match(taken[place + 1], '^(%S+) (%S+)$')
  at, over = tonumber(at), tonumber(over)
  if at >= start or over > now then
    if taken[place] == ARGV[1] then
      return 1
    end
    count = count + 1
  elseif over + tonumber(ARGV[6]) < now then
    redis.call('HDEL', KEYS[1], taken[place])
  end
end
if count >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ' ' .. ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1
