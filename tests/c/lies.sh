#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Does AddressSanitizer see a lying caller, inside of the library?  lies.sh PROGRAM
set -uo pipefail

program=$1
export ASAN_OPTIONS=detect_leaks=0
failed=0

report=$("$program" truth 2>&1)
if [ "$report" != "done" ]; then
    printf 'The truth is refused:\n%s\n' "$report" >&2
    exit 1
fi

count=0
while read -r lie; do
    count=$((count + 1))
    if report=$("$program" "$lie" 2>&1); then
        echo "\"$lie\" goes unseen: $report" >&2
        failed=1
    elif ! grep -q 'ERROR: AddressSanitizer: heap-buffer-overflow' <<<"$report" ||
        ! grep -qE ' in sipseal_' <<<"$report"; then
        printf '"%s" ends otherwise:\n%s\n' "$lie" "$report" >&2
        failed=1
    fi
done < <("$program")

[ "$count" -gt 0 ] && [ $failed -eq 0 ] && echo "AddressSanitizer sees $count lies of $count"
