#!/usr/bin/env bash
# Loads the public CRM sales opportunities data into $QIAO_DATABASE and publishes a plan on it.
# run.sh DATA_DIR    DATA_DIR holds accounts.csv, products.csv, sales_teams.csv, sales_pipeline.csv
set -euo pipefail
if [ $# -ne 1 ] || [ ! -f "$1/sales_pipeline.csv" ]; then
  echo "run.sh: name the folder that holds sales_pipeline.csv and its companions: run.sh DATA_DIR" >&2
  exit 2
fi
if [ -z "${QIAO_DATABASE:-}" ]; then
  echo "run.sh: set QIAO_DATABASE, for example QIAO_DATABASE=sqlite:/tmp/crm.db" >&2
  exit 2
fi
data=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
qiao=${QIAO:-qiao}

# A second run finds the company made; its imports change nothing.
"$qiao" init --currency USD --locale en --company "CRM sales opportunities" 2>/dev/null || true
"$qiao" import people "$data/sales_teams.csv" --mapping "$here/people.yaml"
"$qiao" import products "$data/products.csv" --mapping "$here/products.yaml"
"$qiao" import accounts "$data/accounts.csv" --mapping "$here/accounts.yaml"
"$qiao" import opportunities "$data/sales_pipeline.csv" --mapping "$here/opportunities.yaml"
"$qiao" plan publish "$here/plan.yaml"
