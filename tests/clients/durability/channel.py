#!/usr/bin/env python3
"""A channel delivers to its folder every acknowledged record, across kill -9 and a restart. `channel.py SHARDSCOPE`"""

import gzip
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "cbor")]
import serving
from client import Client
from life import SOON, refused, stream_arn
from serving import expect, until

STREAM, BUCKET = "orders", "delivered-orders"
BATCH, BATCHES = 500, 6


def create(kinesis):
    kinesis.create_stream(StreamName=STREAM, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    kinesis.get_waiter("stream_exists").wait(StreamName=STREAM, WaiterConfig=SOON)
    wanted = {
        "ChannelName": "to-files", "ServiceExecutionRoleARN": "arn:aws:iam::000000000000:role/delivery",
        "StreamConfigurationList": [{"StreamARN": stream_arn(kinesis, STREAM),
                                     "RecordConfiguration": {"RecordFormatType": "JSON"}}]}
    refused("a channel to S3 Tables, which no folder can be", "InvalidArgumentException", kinesis.create_channel, **wanted,
            S3TablesDestinationConfiguration={
                "S3TablesConfigurationList": [{
                    "TableBucketARN": "arn:aws:s3tables:us-east-1:000000000000:bucket/tables", "Namespace": "shop",
                    "TableName": "orders", "CompressionType": "ZSTD"}],
                "DeadLetterQueueS3Configuration": {
                    "BucketARN": f"arn:aws:s3:::{BUCKET}", "ExpectedBucketOwner": "000000000000"}})
    channel = kinesis.create_channel(**wanted, S3DestinationConfiguration={
        "StorageConfiguration": {"BucketARN": f"arn:aws:s3:::{BUCKET}", "ExpectedBucketOwner": "000000000000",
                                 "CompressionType": "GZIP"}})["ChannelDescription"]
    until("a channel of JSON in gzip is active", "ACTIVE", lambda: kinesis.describe_channel(
        ChannelARN=channel["ChannelARN"])["ChannelDescription"]["ChannelStatus"])


def put(kinesis, sent):
    """Batches over many keys, so over all four shards."""
    for _ in range(BATCHES):
        batch = [{"order": len(sent) + n} for n in range(BATCH)]
        answer = kinesis.put_records(StreamName=STREAM, Records=[
            {"Data": json.dumps(order).encode(), "PartitionKey": str(order["order"])} for order in batch])
        sent += [order["order"] for order, entry in zip(batch, answer["Records"]) if "SequenceNumber" in entry]


def delivered(folder):
    orders = []
    for path, _, names in os.walk(os.path.join(folder, BUCKET)):
        for name in names:
            with gzip.open(os.path.join(path, name), "rt", encoding="utf-8") as file:
                orders += [json.loads(line)["order"] for line in file]
    return sorted(orders)


def story(program):
    with tempfile.TemporaryDirectory(prefix="shardscope-client-") as folder:
        channels, sent = os.path.join(folder, "channels"), []
        options = ["--data", os.path.join(folder, "data"), "--channels", channels, "--delays", "none"]
        with serving.serving(program, *options, folder=folder) as service:
            kinesis = Client(service.plain)
            create(kinesis)
            put(kinesis, sent)
            service.kill()
        with serving.serving(program, *options, folder=folder) as service:
            put(Client(service.plain), sent)
        expect(f"kill -9, a restart and a clean end: each of {len(sent)} acknowledged records is delivered once",
               (True, sent), (len(sent) > BATCH, delivered(channels)))


serving.run(story)
