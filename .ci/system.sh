#!/bin/sh
# Installs what no wheel brings: Chromium, Chinese fonts and a library for the browser tests; `venv` where Debian
# split it off.
# Says in one line what to install where it cannot.
set -eu

missing=""
if [ "${1:-}" = "venv" ]; then
  missing="python3-venv"
else
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && found=1
  done
  [ -n "${found:-}" ] || [ -n "${ZONING_CHROMIUM:-}" ] || missing="chromium"
  if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
    missing="$missing fontconfig fonts-noto-cjk"
  fi
  # Playwright's own Node needs it, and a minimal Debian lacks it.
  if [ "$(uname -s)" = "Linux" ] && command -v dpkg >/dev/null 2>&1 && ! dpkg -s libatomic1 >/dev/null 2>&1; then
    missing="$missing libatomic1"
  fi
fi
[ -n "$missing" ] || exit 0

if [ "$(uname -s)" = "Linux" ] && [ "$(id -u)" = "0" ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "Install $missing (Debian: sudo apt-get install $missing; macOS: brew install --cask chromium;" \
    "Windows: Edge or Chrome, then set ZONING_CHROMIUM to its path). Without it the browser tests are skipped." >&2
  [ "${1:-}" != "venv" ]
fi
