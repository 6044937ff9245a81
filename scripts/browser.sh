#!/bin/sh
# Chromium for the browser tests, from Debian. Without root the tests skip and say why.
set -eu
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing chromium ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "no chromium here and no way to install it: browser tests will be skipped" >&2
