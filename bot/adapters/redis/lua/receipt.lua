-- Raise the status of one message. KEYS: receipt hash. ARGV: status, rank, time, seconds to keep. Returns 1 when it changed.
-- A word of the same or a lower rank changes nothing, save 'failed', which is believed unless the message was deleted.
local status, rank = unpack(redis.call('HMGET', KEYS[1], 's', 'r'))
if status == ARGV[1] or status == 'deleted' then
  return 0
end
if ARGV[1] ~= 'failed' and rank and tonumber(rank) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], 's', ARGV[1], 'r', ARGV[2], 'at', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
