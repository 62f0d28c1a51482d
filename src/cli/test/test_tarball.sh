#!/bin/sh
# The relocatable archive, unpacked: it uses its own libraries and the files beside it, wherever it is; and, where
# namespaces are allowed, it trains in a root directory with nothing else.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

grep -q '^IP_SANITIZE:STRING=.' "$INFOPLANE_BUILD/CMakeCache.txt" && exit 77
for tool in cmake cc patchelf ldd; do
  command -v $tool >/dev/null || exit 77
done
echo 'int main(void) { return 0; }' >static.c
cc -static static.c -o static 2>/dev/null || exit 77
"$INFOPLANE_SOURCE/scripts/package.sh" folder "$INFOPLANE_BUILD" out >log.txt 2>&1 || fail "package.sh: $(tail -20 log.txt)"
mkdir root
mv out/infoplane-* 'root/a tool'
tool=root/a\ tool
for file in bin/infoplane libexec/infoplane lib/libc.so.6 lib/libhdf5_serial.so.103 share/infoplane/plot/plane.gp \
  share/infoplane/experiments/quickstart.yaml share/licenses/infoplane share/man/man1/infoplane.1; do
  [ -f "$tool/$file" ] || fail "the archive lacks $file"
done
[ "$(find "$tool/share/licenses" -type f | wc -l)" -gt 20 ] || fail "licenses of libraries are missing"

# Every library is the archive's own.
loader=$(echo "$tool"/lib/ld-linux*)
"$loader" --inhibit-cache --library-path "$dir/$tool/lib" --list "$tool/libexec/infoplane" |
  grep '=> /' | grep -v "=> $dir/" && fail "the program uses libraries of the system"
expect 0 "infoplane 0." env -i LD_LIBRARY_PATH=/nowhere "$tool/bin/infoplane" --version
cat >small.yaml <<'END'
network: {hidden: [4, 3]}
training: {epochs: 4}
log: {count: 2}
repeats: 2
figures: []
END
cp small.yaml root
expect 0 "2 done now" "$tool/bin/infoplane" run small.yaml -o here
if command -v gnuplot >/dev/null; then
  expect 0 "here/figures/plane.svg" env -u INFOPLANE_PLOT "$tool/bin/infoplane" plot here -f plane
fi

mkdir root/proc root/dev
: >root/dev/null
cat >alone.sh <<'END'
mount -t proc proc root/proc && mount --bind /dev/null root/dev/null && chroot root "$@"
END
if unshare -rmpf sh alone.sh "/a tool/bin/infoplane" --version >/dev/null 2>&1; then
  expect 0 "/there: 2 runs: 2 done now" unshare -rmpf sh alone.sh "/a tool/bin/infoplane" run /small.yaml -o /there
  expect 1 "install gnuplot" unshare -rmpf sh alone.sh "/a tool/bin/infoplane" plot /there -f loss
fi
exit $failures
