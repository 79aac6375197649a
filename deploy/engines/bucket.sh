#!/bin/sh
# Make the bucket, and an account that can use it and nothing else. Runs at every start; ends when it is done.
set -eu
MC_HOST_store="http://root:$(cat /run/secrets/minio_root)@minio:9000"
export MC_HOST_store
mc mb --ignore-existing store/procare
cat >/tmp/procare.json <<'POLICY'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": ["arn:aws:s3:::procare"]},
  {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": ["arn:aws:s3:::procare/*"]}]}
POLICY
printf 'procare\n%s\n' "$(cat /run/secrets/s3_secret_key)" | mc admin user add store
mc admin policy create store procare /tmp/procare.json
mc admin policy attach store procare --user procare || true # it is attached already
