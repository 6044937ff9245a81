#!/bin/sh
# usage: setup.sh VENV base|dev|bench -- make the environment and install one lock file into it.
set -eu
venv=$1 set=$2
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Havenwall needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Set PYTHON=..." >&2; exit 1; }

if [ ! -x "$venv/bin/pip" ]; then
  # Debian ships python3 without the venv module; as root we can mend that ourselves.
  if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || {
      echo "python3 cannot make environments here. Install the package python3-venv and try again." >&2; exit 1; }
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv "$venv"
  fi
fi

echo "installing requirements/$set.txt into $venv ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$set.txt"
# The build back end of our own package is the one thing the lock files do not carry.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e .
touch "$venv/.base"
[ "$set" = base ] || touch "$venv/.dev"
[ "$set" != bench ] || touch "$venv/.bench"
