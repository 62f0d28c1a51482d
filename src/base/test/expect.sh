# expect.sh - what every shell test begins with: . "$INFOPLANE_SOURCE/src/base/test/expect.sh"
#
# The test runs in an empty folder $dir, which is removed in the end; $infoplane is the program. It ends with
# exit $failures.
set -u
infoplane=$INFOPLANE_BUILD/infoplane
failures=0
dir=$(mktemp -d) || exit 1
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir" || exit 1

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# expect STATUS TEXT COMMAND...: the command exits with STATUS and prints TEXT on either stream
expect() {
  status=$1 text=$2
  shift 2
  output=$("$@" 2>&1)
  got=$?
  case "$output" in
    *"$text"*) found=1 ;;
    *) found=0 ;;
  esac
  if [ "$got" != "$status" ] || [ "$found" = 0 ]; then
    fail "$* exits $got (expected $status), expected to read '$text' in: $output"
  fi
}

# absent FILE...: none of them is there
absent() {
  for f in "$@"; do
    [ ! -e "$f" ] || fail "$f was left behind"
  done
}

# skip WHY: what the test needs is missing; with CI=true, where everything is installed, a failure
skip() {
  echo "skipped: $1"
  [ "${CI:-}" = true ] && exit 1
  exit 77
}
