"""What is left of a session's own process once it has joined a class: a shell that holds the terminal, hands on the
signals that come from there, and ends with the session's status. Must not know what the session is.

It is a shell since that takes a fifth of a megabyte, where a bare Python takes three. Its words on the line are the
names of signals; what it hears is `stop`, and `end` with a status and, maybe, a text.
"""

LINE = 9
"""The descriptor of the line to the session."""

DEAD = 70
"""The status where a session has ended without a word: sysexits.h calls it EX_SOFTWARE."""

GO = b"GO"
"""The first word of a holder: it is there, so the session may take the terminal."""

SIGNALS = ("HUP", "INT", "QUIT", "TERM", "TSTP", "WINCH")

_RESTORED = r"\033[<u" + "".join(
    rf"\033[?{mode}" for mode in ["1049l", "25h", "1000l", "1002l", "1003l", "1006l", "1015l", "1004l", "2004l", "7h"]
)
"""Out of the other screen and of all the modes that Textual starts."""

# `read` comes back with a status of its own when a signal was trapped, and when nobody is at the other end: then the
# next word does not go out. Whoever is stopped and let go on in the background has to stop again: setting the
# terminal, to what it is, does that.
HOLD = f"""
for name in {" ".join(SIGNALS)}; do trap "echo $name >&{LINE} 2>/dev/null" $name; done
trap 'stty "$(stty -g)" 2>/dev/null; echo CONT >&{LINE} 2>/dev/null' CONT
end() {{
  if test "$1" = dead; then
    stty sane
    printf '{_RESTORED}' >&2
    set -- {DEAD} "$2"
  fi
  test -z "$2" || echo "chainstep: $2" >&2
  exit "$1"
}}
echo {GO.decode()} >&{LINE}
while :; do
  if IFS=' ' read -r word status text <&{LINE}; then
    case $word in
      stop) kill -STOP $$ ;;
      end) end "$status" "$text" ;;
    esac
  elif ! echo >&{LINE} 2>/dev/null; then
    end dead "the session has ended without a word"
  fi
done
"""
