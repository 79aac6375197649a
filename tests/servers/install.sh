#!/bin/sh
# Installs the servers and the browser that the tests use, where that is possible without asking: on Debian, as root.
# Anywhere else it says why not and leaves; the suites that need them then skip with a reason. Idempotent.
set -eu

if ! command -v apt-get >/dev/null 2>&1; then
    echo "tests/servers/install.sh: no apt-get here, so nothing is installed; suites without their server will skip."
    exit 0
fi

missing=""
command -v epmd >/dev/null 2>&1 && [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v ip >/dev/null 2>&1 || missing="$missing iproute2"
command -v restic >/dev/null 2>&1 || missing="$missing restic"
command -v promtool >/dev/null 2>&1 || missing="$missing prometheus"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
if [ -z "$missing" ]; then
    exit 0
fi

if [ "$(id -u)" != 0 ]; then
    echo "tests/servers/install.sh: not root, so these are not installed:$missing; suites without their server will skip."
    exit 0
fi

# The tests start private instances: the packages must not start the system's own services.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT INT TERM
fi

export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # one word per package
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends $missing; }; then
    echo "tests/servers/install.sh: apt-get could not install:$missing; suites without their server will skip."
fi
