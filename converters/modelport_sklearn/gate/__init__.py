"""The gate: how a pickle is read without running code of its choosing.

`allowed.txt` lists every global that a pickle may name, and what may be done with it. `scan` walks a pickle with
inert stand-ins, so that everything wrong with it is known before anything is imported; `load` then reads it with the
same machine, the list enforced at every step. Both work on one copy of the bytes.
"""
