-- Say that a member lives; returns the living. KEYS: members by the time they are dead. ARGV: member, now, dead at, seconds to keep.
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
-- Whom a clock that went back since has made immortal: each living one says so again within a second.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. (tonumber(ARGV[3]) + 60), '+inf')
redis.call('EXPIRE', KEYS[1], ARGV[4])
return redis.call('ZRANGE', KEYS[1], 0, -1)
