"""A simulated audience, and the benchmark: ``jaring rehearse URL``.

Some hundred phones and one moderator use a running forum exactly as people do, through the public interface over
HTTP and WebSocket; nothing here imports any other part of the program. Every client keeps its own log, and every figure
of the report is computed from those logs and from the state the server hands out at the end.

Rehearse on a forum made for it: hundreds of practice questions stay there, and supports given by real people meanwhile
would be counted as doubled.

Where to look:

- ``run``        from the address to the exit code
- ``address``    what the person typed; opening the door with a role link
- ``hall``       one rehearsal: everybody in, play, settle, judge
- ``session``    one browser over HTTP: cookies, acts with keys and retries
- ``viewer``     one screen: start state, feed, resuming, polling
- ``picture``    what a screen shows, built from its state and its frames
- ``phone``      what a participant does, and when
- ``moderator``  what the moderator does, and when
- ``mishaps``    how often a reply is lost or a socket is cut on purpose; where chance comes from
- ``material``   the questions, and the markers that tell them apart
- ``log``        what one client did and saw
- ``figures``    percentiles from the logs
- ``audit``      lost, doubled, unequal
- ``report``     the table and the JSON document
- ``stages``     growing audiences: where it stops, and what to do about it
- ``page``       the report to look at and to print
"""
