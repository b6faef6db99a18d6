#!/bin/sh
# sh bootstrap.sh LOCK: make .venv, with what LOCK pins and the kit itself. Does nothing that is already done.
# In plain sh, because the first thing it may find is that there is no Python, or one too old to read this kit.
set -eu
cd "$(dirname "$0")"
lock=${1:?"say which lock file: requirements.lock or requirements-test.lock"}
python=${PYTHON:-python3}
log=.course/install.log
needed_mb=1200

exec 3>&2 # because a signal may come while the output goes into the log
stop() {
    printf '%s\n' "$*" >&3
    exit 2
}

command -v "$python" >/dev/null 2>&1 ||
    stop "There is no $python on this machine: install Python 3.11 or newer (Debian, Ubuntu: apt install python3 python3-venv), or leave PYTHON out, and try again."
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') ||
    stop "$python does not run: say which Python to use, as in “make lab PYTHON=python3.11”."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "This is Python $version, and the course needs 3.11 or newer: install one, or say where it is, as in “make lab PYTHON=python3.11”."

# Python's own programs do not start, or look elsewhere, from a folder with one of these in its name.
case $(pwd) in
*[:\$\`\\]* | *[[:blank:]]*\"* | *\"*[[:blank:]]*)
    stop "Python cannot work in $(pwd): give the folder a name without : \$ \` \\ and \", and try again." ;;
esac

# What .venv was made from is written into it last of all. Without that it is half-made, and is made anew;
# so it is in another folder or with another Python, because it would not work there.
place="$(pwd) Python $version"
made_from="$place
$(cat "$lock")"
stamp=.venv/made-from-$lock
kit_stamp=.venv/made-from-pyproject.toml
has_lock=no has_kit=no fresh=yes
if [ "$(cat "$stamp" 2>/dev/null)" = "$made_from" ]; then has_lock=yes; fi
if cmp -s pyproject.toml "$kit_stamp"; then has_kit=yes; fi
for old in .venv/made-from-requirements*.lock; do
    if [ "$(head -n 1 "$old" 2>/dev/null)" = "$place" ]; then fresh=no; fi
done
if [ "$has_lock$has_kit$fresh" = yesyesno ]; then exit 0; fi

"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "Python $version has no venv module here: install it (Debian, Ubuntu: apt install python3-venv) and try again."
[ -w . ] || stop "The folder $(pwd) cannot be written: copy the kit to a folder of your own and run the command there."
free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "$fresh" = no ] || [ "${free_mb:-0}" -ge "$needed_mb" ] ||
    stop "The disk has ${free_mb:-0} MB free, and the course needs about $needed_mb MB: make room and try again."

pip_install() {
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off "$@"
}
install() {
    if [ "$fresh" = yes ]; then "$python" -m venv --clear .venv || return 1; fi
    if [ "$has_lock" = no ]; then pip_install --require-hashes -r "$lock" || return 1; fi
    pip_install --no-deps --no-build-isolation -e .
}
undo() {
    rm -rf .venv
    stop "$*"
}

trap 'undo "Stopped, and nothing was left half-made."' INT TERM HUP
mkdir -p .course
if [ "$has_lock" = no ]; then
    rm -f .venv/made-from-*
    printf 'Installing what the course needs into .venv: once, in a minute or two.\n'
fi
if ! install >"$log" 2>&1; then
    case $(cat "$log") in
    *"No space left"*) undo "The disk is full, so nothing was installed: make about $needed_mb MB of room and try again." ;;
    *"DO NOT MATCH THE HASHES"*) undo "A package is not the one that $lock names, so nothing was installed: try another network; $log says which." ;;
    *"establish a new connection"* | *"name resolution"* | *"NameResolutionError"* | *"No matching distribution"*)
        undo "The packages could not be downloaded, so nothing was installed: check the network and try again; $log says more." ;;
    *) undo "The installation did not succeed, so nothing was installed: the end of $log says why." ;;
    esac
fi
cp pyproject.toml "$kit_stamp"
# What the tests need holds all that the lab needs, so that one does not undo the other's mark.
if [ "$lock" = requirements-test.lock ]; then
    printf '%s\n' "$place" "$(cat requirements.lock)" >.venv/made-from-requirements.lock
fi
printf '%s\n' "$made_from" >"$stamp"
