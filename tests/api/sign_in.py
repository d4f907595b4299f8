"""Signs in to a demonstration: `sign_in.py demo.json ROLE` prints its address and the cookie of the session."""

import json
import sys
import urllib.request

with open(sys.argv[1], encoding="utf-8") as file:
    demo = json.load(file)
one = next(one for one in demo["sign_ins"] if one["role"] == sys.argv[2])
request = urllib.request.Request(
    demo["address"] + "/api/v1/session",
    data=json.dumps({"account": one["account"], "password": one["password"]}).encode(),
    headers={"content-type": "application/json"},
)
with urllib.request.urlopen(request) as answer:
    print(demo["address"])
    print(answer.headers["set-cookie"].split(";")[0])
