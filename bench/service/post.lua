-- SPDX-License-Identifier: Apache-2.0
-- wrk: posts entries, each with a text of its own, and writes the numbers that were acknowledged into files beside $ACKED.
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  sent = 0
  out = assert(io.open(os.getenv("ACKED") .. "." .. id, "w"))
  out:setvbuf("line")
end

function request()
  sent = sent + 1
  return wrk.format("POST", "/entries", nil, id .. "/" .. sent)
end

function response(status, headers, body)
  if status == 201 then out:write(body) end
end
