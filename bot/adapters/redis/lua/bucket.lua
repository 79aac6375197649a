-- Take tokens from every bucket, or from none. KEYS: for each bucket the moment at which it is full again.
-- ARGV: now, how many, then for each bucket its size and its new tokens a second. Returns 1 or 0.
local now, count, full, refused = tonumber(ARGV[1]), tonumber(ARGV[2]), {}, false
for place, key in ipairs(KEYS) do
  local burst, rate = tonumber(ARGV[1 + 2 * place]), tonumber(ARGV[2 + 2 * place])
  local held, most = tonumber(redis.call('GET', key) or '0'), now + 2 * burst / rate
  local at = math.min(math.max(held, now), most)
  if held > most then -- nobody owes so much: a clock went back. Without this all would be refused until it is there again.
    redis.call('SET', key, string.format('%.6f', at), 'PX', math.ceil((at - now) * 1000))
  end
  if at - now > (burst - 1) / rate + 0.000001 then
    refused = true
  end
  full[place] = math.min(at + count / rate, most)
end
if refused then
  return 0
end
for place, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.6f', full[place]), 'PX', math.max(1, math.ceil((full[place] - now) * 1000)))
end
return 1
