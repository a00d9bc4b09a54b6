#!/usr/bin/env python3
"""Nothing of an encrypted stream is on the disk in plain text, and all of it is read back. `encrypted.py SHARDSCOPE`"""

import base64
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import serving
from serving import expect, skip, told

try:
    import boto3
except ImportError:
    skip("boto3 is not installed (Debian's package python3-boto3)")

WORD = b"the-word-that-nobody-may-find"
KEY = "a-partition-key-that-nobody-may-find"
OPEN = b"a-word-that-everybody-may-find"  # of a stream that is not encrypted: the search itself works
SOON = {"Delay": 0.1, "MaxAttempts": 300}


def client(service):
    return boto3.client("kinesis", endpoint_url=service.plain, region_name=serving.REGION,
                        aws_access_key_id=serving.KEY_ID, aws_secret_access_key=serving.SECRET)


def active(kinesis, stream):
    kinesis.get_waiter("stream_exists").wait(StreamName=stream, WaiterConfig=SOON)


def places(folder, *words):
    """Files below the folder that hold one of the words, as it is or in base64 at any of its three offsets."""
    forms = set(words)
    for word in words:
        # The first and last characters of base64 depend on the neighbours.
        forms |= {base64.b64encode(b"." * offset + word)[4:-4] for offset in range(3)}
    found = []
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                content = file.read()
            if any(form in content for form in forms):
                found.append(name)
    return found


def read(kinesis, stream):
    shard = kinesis.list_shards(StreamName=stream)["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard,
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)["Records"]


def put(kinesis):
    for n in range(10):
        batch = [{"Data": WORD + b" %d %d" % (n, m), "PartitionKey": KEY} for m in range(100)]
        answer = kinesis.put_records(StreamName="sealed", Records=batch)
        if answer["FailedRecordCount"]:
            raise serving.Failed(f"step:     put a batch\nexpected: no failed record\ngot:      {answer['Records'][-1]}")
    kinesis.put_record(StreamName="open", Data=OPEN, PartitionKey="k")
    told("put 1,000 records into the encrypted stream and one into another")


def story(program):
    with tempfile.TemporaryDirectory(prefix="shardscope-client-") as folder:
        data = os.path.join(folder, "data")
        options = ("--data", data, "--delays", "none")
        with serving.serving(program, *options, "--create", "sealed:1", "--create", "open:1", folder=folder) as service:
            kinesis = client(service)
            for stream in ("sealed", "open"):
                active(kinesis, stream)
            kinesis.start_stream_encryption(StreamName="sealed", EncryptionType="KMS", KeyId="alias/aws/kinesis")
            active(kinesis, "sealed")
            put(kinesis)
            expect("while it serves: no file holds the word", [], places(data, WORD, KEY.encode()))
            service.kill()
        with serving.serving(program, *options, folder=folder) as service:
            expect("after kill -9 and a restart: no file holds the word", [], places(data, WORD, KEY.encode()))
            records = read(client(service), "sealed")
            expect("all are read back, and each says KMS", (1000, True, {"KMS"}, {KEY}),
                   (len(records), all(r["Data"].startswith(WORD) for r in records),
                    {r.get("EncryptionType") for r in records}, {r["PartitionKey"] for r in records}))
        expect("after a clean end: no file holds the word", [], places(data, WORD, KEY.encode()))
        expect("the same search finds the other stream's word", True, places(data, OPEN) != [])


serving.run(story)
