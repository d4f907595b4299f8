-- Asks for the addresses of a file in turn, so that no answer is only ever the one before.
local requests = {}
function init()
  for path in io.lines(os.getenv("LOAD_PATHS")) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end
local at = 0
function request()
  at = at % #requests + 1
  return requests[at]
end
