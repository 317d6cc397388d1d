#!/bin/sh
# Records what real MindSpore prints for each case: record.sh PYTHON, by hand in development.
cd "$(dirname "$0")/../cases" || exit 1
for case in *.py; do
  folder=$(mktemp -d)
  (cd "$folder" && "$1" "$OLDPWD/$case" 2>/dev/null) > "${case%.py}.out"
  rm -r "$folder"
done
