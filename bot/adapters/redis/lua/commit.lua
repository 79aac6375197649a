-- One turn's session, outbox and input id in one step.
-- KEYS: session hash, seen ids. ARGV: version after the turn, session, input id, outbox ('' for none), now, seconds to keep,
-- oldest time of a seen id, most seen ids. Returns 'ok', 'seen' or 'version'; only 'ok' wrote anything.
local session, seen = KEYS[1], KEYS[2]
if redis.call('ZSCORE', seen, ARGV[3]) then
  return 'seen'
end
if tonumber(redis.call('HGET', session, 'v') or '0') ~= tonumber(ARGV[1]) - 1 then
  return 'version'
end
if ARGV[4] == '' then
  redis.call('HSET', session, 'v', ARGV[1], 'd', ARGV[2])
else
  redis.call('HSET', session, 'v', ARGV[1], 'd', ARGV[2], 'o:' .. ARGV[3], ARGV[4])
end
redis.call('ZADD', seen, ARGV[5], ARGV[3])
redis.call('ZREMRANGEBYSCORE', seen, '-inf', '(' .. ARGV[7])
redis.call('ZREMRANGEBYRANK', seen, 0, -tonumber(ARGV[8]) - 1)
redis.call('EXPIRE', session, ARGV[6])
redis.call('EXPIRE', seen, ARGV[6])
return 'ok'
