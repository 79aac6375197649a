-- Raise the status of one message. KEYS: receipt hash. ARGV: status, rank, time, seconds to keep, code of a failure ('' for none).
-- Returns 1 when it changed. The words that are held go when it is known that they went through.
-- A word of the same or a lower rank changes nothing, save 'failed', which is believed unless the message was deleted.
local status, rank = unpack(redis.call('HMGET', KEYS[1], 's', 'r'))
if status == ARGV[1] or status == 'deleted' then
  return 0
end
if ARGV[1] ~= 'failed' and rank and tonumber(rank) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], 's', ARGV[1], 'r', ARGV[2], 'at', ARGV[3], 'c', ARGV[5])
if ARGV[1] ~= 'failed' and ARGV[1] ~= 'pending' then
  redis.call('HDEL', KEYS[1], 'm')
end
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
