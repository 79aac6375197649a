-- Hold the words of a message that was sent until a receipt tells what became of it. KEYS: receipt hash. ARGV: the message (sealed),
-- seconds to hold. Returns the code of a failure that is known already; false otherwise.
local status, code = unpack(redis.call('HMGET', KEYS[1], 's', 'c'))
if status == 'failed' then
  return code or ''
end
if not status or status == 'pending' then
  redis.call('HSET', KEYS[1], 'm', ARGV[1])
  if not status then
    redis.call('EXPIRE', KEYS[1], ARGV[2])
  end
end
return false
