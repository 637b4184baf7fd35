"""What is left of a session's own process once it has joined a class: a shell that holds the terminal, hands on the
signals that come from there, and ends with the session's status. Must not know what the session is.

It is a shell since that takes a quarter of a megabyte, where a bare Python takes three. Its words on the line are the
names of signals. What it hears is `stop`, and `end` with a status; another process of it listens, because a shell that
waits for one can be interrupted by any signal, and one that reads cannot (bash, by a window's new size).
"""

LINE, WORDS = 9, 8
"""The descriptors of the line to the session, and of what the session says. A shell knows those of one digit."""

DEAD = 70
"""The status where a session has ended without a word: sysexits.h calls it EX_SOFTWARE."""

GO = b"GO"
"""The first word of a holder: it is there, so the session may take the terminal."""

SIGNALS = ("HUP", "INT", "QUIT", "TERM", "TSTP", "WINCH")

_MODES = ("1049l", "25h", "1000l", "1002l", "1003l", "1006l", "1015l", "1004l", "2004l", "7h")
"""Out of the other screen and of all the modes that Textual starts."""

_RESTORED = r"\033[<u" + "".join(rf"\033[?{mode}" for mode in _MODES)

# A status above 128 is a signal's in a shell, as that of a wait which was interrupted: the listener has its own for
# those. Whoever was stopped and is let go on in the background has to stop again: setting the terminal, to what it is,
# does that.
HOLD = f"""
listen() {{
  exec {LINE}>&-
  while read -r word status; do
    case $word in
      stop) kill -STOP $$ ;;
      end) test "$status" -lt 128 || status=$((status - 28)); exit "$status" ;;
    esac
  done
  stty sane
  printf '{_RESTORED}chainstep: the session has died\\n' >&2
  exit {DEAD}
}}
trap '' {" ".join(SIGNALS)}
listen <&{WORDS} &
exec {WORDS}<&-
for name in {" ".join(SIGNALS)}; do trap "heard=1; echo $name >&{LINE} 2>/dev/null" $name; done
trap 'heard=1; stty "$(stty -g)"; echo CONT >&{LINE} 2>/dev/null' CONT
echo {GO.decode()} >&{LINE}
status=129
while test $status -gt 128; do
  heard=
  wait $!
  status=$?
  test $status -le 128 -o -n "$heard" || status={DEAD}
done
test $status -lt 100 || status=$((status + 28))
exit $status
"""
