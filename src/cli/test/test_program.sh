#!/bin/sh
# The program as a user meets it: help, versions, and mistakes on the command line.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

expect 0 "usage: infoplane COMMAND" "$infoplane" --help
expect 0 "infoplane 0." "$infoplane" --version
expect 2 "no command was given" "$infoplane"
expect 2 "unknown command 'frobnicate'" "$infoplane" frobnicate
exit $failures
