#!/bin/sh
# Starts the local Stripe on a free port and lets the official clients loose on it. Needs node and npm; see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
configuration=${CONFIGURATION:-Debug}
cd "$here"
npm install --no-audit --no-fund --no-save --loglevel=error

out=$(mktemp)
dotnet "$here/../bin/$configuration/net10.0/SaasBilling.StripeServer.dll" --port 0 > "$out" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -f "$out"' EXIT
tries=0
until [ -s "$out" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo "The server did not start." >&2; exit 1; }
  sleep 0.1
done

read -r base key _ < "$out"
node life.mjs "$base" "$key"
node triggers.mjs "$base" "$key"
