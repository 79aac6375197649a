-- One step of a subscription: keep the lease, bring back what was delayed, claim what a dead consumer left, read what is new.
-- In one script, because a consumer that has just lost its lease must not read: what it read would be out of order.
-- KEYS: stream, lease, later. ARGV: group, consumer, ordered, lease ms, free slots, cursor, upkeep, prefix of alive keys.
-- Returns {0} when another consumer holds the lease, else {1 held | 2 newly taken, next cursor, claimed, fresh, last id, ms to
-- the next delayed message or -1, 1 when more waits with dead consumers}.
local stream, lease, later = KEYS[1], KEYS[2], KEYS[3]
local group, me, ordered, ttl = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]
local free, cursor, upkeep, alive = tonumber(ARGV[5]), ARGV[6], ARGV[7] == '1', ARGV[8]
local state, claimed, fresh, more = 1, {}, {}, 0

if ordered then
  local owner = redis.call('GET', lease)
  if owner == me then
    redis.call('PEXPIRE', lease, ttl)
  elseif not owner then
    redis.call('SET', lease, me, 'PX', ttl)
    state, cursor = 2, '0-0' -- all that is pending, whoever's it was, comes first
  else
    return {0}
  end
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, member in ipairs(redis.call('ZRANGEBYSCORE', later, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('XADD', stream, '*', 'm', string.sub(member, string.find(member, ' ', 1, true) + 1))
  redis.call('ZREM', later, member)
end

if cursor ~= '' and free > 0 then
  if ordered then
    local reply = redis.call('XAUTOCLAIM', stream, group, me, 0, cursor, 'COUNT', free)
    cursor, claimed = reply[1], reply[2]
    if cursor == '0-0' then cursor = '' end
  else
    local reply = redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', free, 'STREAMS', stream, cursor)
    claimed = reply and reply[1][2] or {}
    cursor = #claimed == free and claimed[#claimed][1] or ''
  end
end

if upkeep then
  redis.call('SET', alive .. me, '1', 'PX', ttl)
  for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
    local name, pending = consumer[2], consumer[4]
    if name ~= me and redis.call('EXISTS', alive .. name) == 0 then
      local room = free - #claimed
      if pending > 0 and not ordered and room > 0 then
        local ids = {}
        for _, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', room, name)) do
          ids[#ids + 1] = entry[1]
        end
        for _, entry in ipairs(redis.call('XCLAIM', stream, group, me, 0, unpack(ids))) do
          claimed[#claimed + 1] = entry
        end
        pending = pending - #ids
      end
      if pending == 0 then
        redis.call('XGROUP', 'DELCONSUMER', stream, group, name)
      elseif not ordered then
        more = 1
      end
    end
  end
end

if cursor == '' and more == 0 and free > #claimed then
  local reply = redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', free - #claimed, 'STREAMS', stream, '>')
  if reply then fresh = reply[1][2] end
end

local last = ''
if #claimed + #fresh == 0 then
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end
local due = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
local wait = -1
if due[2] then wait = math.max(0, math.ceil(due[2] - now)) end
return {state, cursor, claimed, fresh, last, wait, more}
