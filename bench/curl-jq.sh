#!/bin/sh
# What an engineer without Tardy writes: every page by curl, judged by jq by the same default thresholds.
base=$1
now=$2
cursor=
while :; do
  page=$(mktemp)
  curl -s "$base/runs?status=queued,running&limit=500${cursor:+&cursor=$cursor}" >"$page"
  cat "$page"
  cursor=$(head -c 40 "$page" | sed -n 's/^{"next":"\(~[0-9]*\)".*/\1/p')
  rm -f "$page"
  [ -n "$cursor" ] || break
done | jq -c --argjson now "$now" '
  def at: if . == null then null else sub("\\.[0-9]+Z$"; "Z") | fromdate end;
  .runs[] | . as $r
  | ($now - ((.heartbeat_at | at) // $now)) as $silence
  | ($now - ((.started_at | at) // $now)) as $age
  | ($now - ((.queued_at | at) // $now)) as $queued
  | if .hold then (if $now - ((.hold_since | at) // $now) >= 86400 then "late" else "fresh" end)
    elif .status == "queued" then (if $queued >= 1800 then "stale" elif $queued >= 300 then "late" else "fresh" end)
    elif $silence >= 600 then "stale"
    elif $age >= 21600 and ($r.heartbeat_at == null or $silence >= 120) then "stale"
    elif $silence >= 120 or $age >= 3600 then "late"
    else "fresh" end' | sort | uniq -c
