#!/bin/sh
# Writes the manual page from the program's own --help.
# usage: scripts/make-man.sh PROGRAM > infoplane.1
set -eu
program=$1

# Text as roff prints it unchanged.
verbatim() {
  echo .nf
  sed -e 's/\\/\\e/g' -e "s/^\([.']\)/\\\\\&\1/" -e 's/-/\\-/g'
  echo .fi
}

echo ".TH INFOPLANE 1 \"\" \"$("$program" --version | cut -d' ' -f1,2)\" \"User Commands\""
echo ".SH NAME"
echo "infoplane \\- Information Bottleneck experiments and information planes"
echo ".SH SYNOPSIS"
echo ".B infoplane"
echo ".I COMMAND"
printf '%s\n' '[\fIARGUMENTS\fR]'
echo ".SH COMMANDS"
"$program" --help | awk '/^Commands:/ {on = 1; next} /^$/ {on = 0} on {print $1}' | while read -r command; do
  echo ".SS infoplane $command"
  "$program" "$command" --help | verbatim
done
echo ".SH EXIT STATUS"
echo "0: done. 1: the work failed. 2: the command line or the configuration is wrong. 130: stopped on request."
