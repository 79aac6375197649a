#!/bin/bash
# A replica set with authentication needs a key file; one is made on the first start.
set -e
key=/data/configdb/keyfile
[ -f "$key" ] || { openssl rand -base64 512 >"$key"; chmod 400 "$key"; chown mongodb:mongodb "$key"; }
exec docker-entrypoint.sh mongod --replSet rs0 --bind_ip_all --keyFile "$key" --wiredTigerCacheSizeGB 0.25
