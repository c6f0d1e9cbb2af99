"""A worker that does as the model's name says: sleeps, dies, or talks and leaves a result."""

import json
import os
import sys
import time
from pathlib import Path

asked = json.loads(sys.stdin.readline())
name, staging = asked["spec"]["name"], Path(asked["staging"])
marks = Path(asked["folder"])
(marks / f"{name}.began").write_text(str(os.getpid()))
print(json.dumps({"stage": "at it"}), flush=True)
if name.startswith("sleep"):
    time.sleep(600)
if name.startswith("die"):
    os.kill(os.getpid(), 11)
time.sleep(0.3)
result = {"name": name, "source": "a", "parts": [], "report": None, "stale": []}
result |= {"reused": False, "seconds": 0, "key": ""}
(staging / "result.json").write_text(json.dumps(result))
(marks / f"{name}.ended").write_text("")
