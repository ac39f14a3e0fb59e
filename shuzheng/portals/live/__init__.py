"""Live (实时推送): one stream of server-sent events a browser tab, so that notices and the inbox move without reload.

Main flow: `gate.admit` reads the session as an ordinary page would and says who listens → `Hub.join` gives a stream,
after what was missed since the position the browser names → one watcher a process follows the notices and the
histories of cases by their growing keys and wakes the streams concerned → `serving` writes to the browser. Before
anything is sent, and every few seconds, the sessions behind the streams are looked at again: a stream ends with its
session, and follows a change of post.

An event says that something changed, not what: a page that wants more asks for it as any page does. The one exception
is the title of a new notice, which goes to its own recipient. Standard: Server-sent events (HTML Living Standard 9.2).
Decisions and figures: `docs/adr/0013`.
"""
