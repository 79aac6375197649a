-- Put another value in the place of one, if it still stands there. KEYS: a hash. ARGV: field, value before, value after.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
