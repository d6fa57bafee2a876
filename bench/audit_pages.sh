#!/usr/bin/env bash
# Pictures of audit pages, to be looked at: bench/audit_pages.sh HISTORY/reports/2026-10-30.html DIR
# Needs Chromium. Writes desk.png, dark.png, phone.png (390 pixels wide) and print.pdf into DIR.
set -euo pipefail
page=$(realpath "$1")
mkdir -p "$2"
cd "$2"
shoot() {
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$PWD/profile" "$@" 2>/dev/null
}
shoot --window-size=1100,2600 --screenshot=desk.png "file://$page"
shoot --window-size=1100,2600 --force-dark-mode --screenshot=dark.png "file://$page"
# A window of Chromium is 500 pixels wide at least; a frame may be narrower.
printf '<body style="margin:0"><iframe src="file://%s" style="width:390px;height:4200px;border:0"></iframe>' "$page" >phone.html
shoot --window-size=500,4200 --screenshot=phone.png "file://$PWD/phone.html"
shoot --no-pdf-header-footer --print-to-pdf=print.pdf "file://$page"
rm -rf profile phone.html
