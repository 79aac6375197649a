-- Forget a person who did not write since a time.
-- KEYS: seen ids, then the person's other keys. ARGV: the time. Returns how many keys went.
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if newest and tonumber(newest) >= tonumber(ARGV[1]) then
  return 0
end
return redis.call('DEL', unpack(KEYS))
