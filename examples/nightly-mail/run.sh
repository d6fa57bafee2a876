#!/usr/bin/env bash
# Scores and audits 88 nights of mail, and the same with three damaged nights: examples/nightly-mail/run.sh DIR
set -euo pipefail
target=$(realpath -m "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p "$target"

audit() { # mails history
    python3 examples/nightly-mail/mail.py "$target/$2.jsonl" "${@:3}"
    bin/cloze perplexity --model bert-base-uncased --method mlm --input "$target/$2.jsonl" --text-column text \
        --id-column id --keep date,list,text --output "$target/$2-scores"
    bin/cloze audit backfill --scores "$target/$2-scores" --slice-by list --name "$1" --no-texts \
        --from 2002-07-15 --to 2002-10-10 --history "$target/$2"
}

audit mail history
audit "mail with three damaged nights" planted planted
