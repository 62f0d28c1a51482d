#!/bin/sh
# The Debian packages: what is in them, what they need, and that the unpacked program finds its files; as root, that they
# can be installed, used and removed. lintian, which scripts/package.sh runs where it is installed, has no errors.
. "$INFOPLANE_SOURCE/src/base/test/expect.sh"

grep -q '^IP_SANITIZE:STRING=.' "$INFOPLANE_BUILD/CMakeCache.txt" && exit 77
for tool in cpack dpkg-deb dpkg-shlibdeps gnuplot; do
  command -v $tool >/dev/null || exit 77
done
IP_DEB_COMPRESSION=gzip "$INFOPLANE_SOURCE/scripts/package.sh" deb "$INFOPLANE_BUILD" out >log.txt 2>&1 || fail "package.sh: $(tail -20 log.txt)"

# contents PACKAGE: its files, without directories
contents() {
  dpkg-deb -c out/"$1"_*.deb | grep -v '^d' | sed 's/.* \.\//\//; s/ -> .*//' | LC_ALL=C sort
}

contents infoplane >files.txt
{
  printf '/usr/%s\n' bin/infoplane share/man/man1/infoplane.1.gz
  printf '/usr/share/%s\n' bash-completion/completions/infoplane fish/vendor_completions.d/infoplane.fish \
    zsh/vendor-completions/_infoplane
  printf '/usr/share/doc/infoplane/%s\n' copyright changelog.gz README.md CHANGELOG.md docs/tutorial.md
  (cd "$INFOPLANE_SOURCE/scripts" && find plot -type f | sed 's,^,/usr/share/infoplane/,')
  (cd "$INFOPLANE_SOURCE" && find experiments -type f | sed 's,^,/usr/share/infoplane/,')
} | while read -r file; do
  grep -qx "$file" files.txt || echo "$file"
done >missing.txt
[ ! -s missing.txt ] || fail "infoplane lacks: $(cat missing.txt)"
grep -E '\.h$|\.a$|/test/|/usr/local' files.txt && fail "the package infoplane has files of others"
contents libinfoplane0 >files.txt
grep -q 'libinfoplane\.so\.0$' files.txt && grep -q 'libinfoplane_core\.so\.[0-9]*$' files.txt ||
  fail "libinfoplane0 lacks a library"
contents libinfoplane-dev >files.txt
for file in include/infoplane/infoplane.h '.*/libinfoplane\.a' '.*/libinfoplane\.so' '.*/pkgconfig/infoplane\.pc' \
  '.*/infoplaneConfig\.cmake'; do
  grep -q "^/usr/$file$" files.txt || fail "libinfoplane-dev lacks $file"
done
if ls out/python3-infoplane_*.deb >/dev/null 2>&1; then
  contents python3-infoplane >files.txt
  for file in infoplane/__init__.py infoplane/libinfoplane_core.so infoplane/py.typed; do
    grep -qx "/usr/lib/python3/dist-packages/$file" files.txt || fail "python3-infoplane lacks $file"
  done
fi
for package in infoplane libinfoplane0 libinfoplane-dev; do
  dpkg-deb -c out/${package}_*.deb | grep -v ' root/root ' && fail "$package: files have other owners"
done

depends=$(dpkg-deb -f out/infoplane_*.deb Depends)
for package in 'gnuplot-nox | gnuplot' libc6 libopenblas0 libhdf5 libyaml libzip4; do
  case $depends in
    *"$package"*) ;;
    *) fail "infoplane does not depend on $package: $depends" ;;
  esac
done

dpkg-deb -x out/infoplane_*.deb root
gunzip -c root/usr/share/man/man1/infoplane.1.gz | grep -q '^.SH SYNOPSIS' || fail "the manual is not whole"
expect 0 "curve.h5, figures/curve.svg" env -u INFOPLANE_PLOT root/usr/bin/infoplane curve bsc:0.1 --beta 1:9:lin3 -o out
echo "exit status 3" >root/usr/share/infoplane/plot/curve.gp
expect 1 "exit status 3" env -u INFOPLANE_PLOT root/usr/bin/infoplane curve bsc:0.1 --beta 1:9:lin3 -o out

# Installed by root over this system, in a file system that vanishes with the process: dpkg finds what they depend on,
# their scripts and triggers succeed, the loader finds the library, and after removal nothing of them remains.
cat >install.sh <<'END'
set -eu
mkdir over
mount -t tmpfs tmpfs over && mkdir over/changes over/scratch over/system &&
  mount -t overlay -o "lowerdir=/,upperdir=$PWD/over/changes,workdir=$PWD/over/scratch" overlay over/system &&
  mount --bind /dev over/system/dev || exit 77
rm -f over/system/var/lib/man-db/auto-update # it would read all manuals again
dpkg --root="$PWD/over/system" --force-unsafe-io -i out/*.deb
cp "$INFOPLANE_SOURCE/docs/examples/measure_table.c" over/system/tmp/table.c
cat >over/system/tmp/use.sh <<'USE'
set -eu
cd /tmp
unset INFOPLANE_PLOT INFOPLANE_SOURCE INFOPLANE_BUILD
infoplane curve bsc:0.1 --beta 1:9:lin3 -o curve
[ -f curve/figures/curve.svg ]
cc -std=c17 table.c -o table $(pkg-config --cflags --libs infoplane)
./table
cd /
[ ! -d /usr/lib/python3/dist-packages/infoplane ] || /usr/bin/python3 -c 'import infoplane; infoplane.estimate([0, 1], y=[0, 1], estimator="exact")'
USE
chroot over/system sh -eu /tmp/use.sh
rm -r over/system/tmp/curve
dpkg --root="$PWD/over/system" --force-unsafe-io --purge $(for file in out/*.deb; do dpkg-deb -f "$file" Package; done)
remains=$(find over/changes -name '*infoplane*')
[ -z "$remains" ] || { echo "after removal: $remains"; exit 1; }
END
if [ "$(id -u)" = 0 ] && command -v dpkg >/dev/null; then
  unshare -m sh -eu install.sh >log.txt 2>&1
  got=$?
  [ $got = 77 ] && echo "not installed: overlays are refused here"
  [ $got = 0 ] || [ $got = 77 ] || fail "installing the packages: $(tail -20 log.txt)"
fi
exit $failures
