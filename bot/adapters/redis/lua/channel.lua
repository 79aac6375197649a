-- Note the state of one instance unless a later word is held. KEYS: channels. ARGV: instance, time, state.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and (tonumber(string.match(held, '^([^|]*)|')) or 0) > tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. '|' .. ARGV[3])
return 1
