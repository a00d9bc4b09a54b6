#!/usr/bin/env python3
"""100,000 records at full rate, kill -9 meanwhile and after, and every acknowledged one is read back. `kill9.py SHARDSCOPE`

Four boto3 producers, each with keys of its own, so a key's records are put one batch after the other. The service is
killed once in the middle of the rush and once after its end; a batch that got no answer may be there or not, and is
put again: of what was acknowledged nothing may be missing or out of order, and whatever else is there must be of such
a batch.
"""

import collections
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import serving
from serving import expect, skip, told

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    skip("boto3 is not installed (Debian's package python3-boto3)")

STREAM = "rush"
PRODUCERS, BATCHES, BATCH = 4, 50, 500  # 100,000 records
KEYS_EACH = 10


def client(service):
    return boto3.client("kinesis", endpoint_url=service.plain, region_name=serving.REGION,
                        aws_access_key_id=serving.KEY_ID, aws_secret_access_key=serving.SECRET,
                        config=Config(retries={"total_max_attempts": 1}))


class Producer:
    """Puts its records in order; what the service acknowledged is in `acknowledged`, by key."""

    def __init__(self, number):
        self.number = number
        self.acknowledged = collections.defaultdict(list)  # key -> [(sequence number, text)]
        self.unanswered = set()  # texts of batches that were put again
        self.next_batch = 0

    def batch(self):
        first = self.next_batch * BATCH
        return [{"PartitionKey": f"{self.number}-{n % KEYS_EACH}", "Data": f"{self.number} {n:06d} {'.' * 180}".encode()}
                for n in range(first, first + BATCH)]

    def run(self, kinesis):
        """Until everything is put or the service is gone."""
        while self.next_batch < BATCHES:
            records = self.batch()
            try:
                answer = kinesis.put_records(StreamName=STREAM, Records=records)
            except (BotoCoreError, ClientError):
                self.unanswered |= {record["Data"] for record in records}
                return
            for record, entry in zip(records, answer["Records"]):
                self.acknowledged[record["PartitionKey"]].append((int(entry["SequenceNumber"]), record["Data"]))
            self.next_batch += 1


def rush(service, producers, enough):
    """Lets all producers run and kills the service as soon as `enough` batches are acknowledged."""
    threads = [threading.Thread(target=producer.run, args=(client(service),)) for producer in producers]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) and sum(p.next_batch for p in producers) < enough:
        time.sleep(0.001)
    service.kill()
    for thread in threads:
        thread.join()


def read_all(kinesis):
    """Every record of the stream by key, as [(sequence number, text)] in the order read."""
    found = collections.defaultdict(list)
    for shard in kinesis.list_shards(StreamName=STREAM)["Shards"]:
        iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard["ShardId"],
                                              ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        lag = 1
        while lag:
            page = kinesis.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                found[record["PartitionKey"]].append((int(record["SequenceNumber"]), record["Data"]))
            iterator, lag = page["NextShardIterator"], page["MillisBehindLatest"]
    return found


def compare(producers, found):
    total = sum(len(records) for producer in producers for records in producer.acknowledged.values())
    expect("acknowledged in the end", PRODUCERS * BATCHES * BATCH, total)
    unanswered = set().union(*(producer.unanswered for producer in producers))
    for producer in producers:
        for key, acknowledged in producer.acknowledged.items():
            there = found[key]
            numbers = [number for number, _ in there]
            if numbers != sorted(set(numbers)):
                raise serving.Failed(f"step:     order of key {key}\nexpected: rising sequence numbers\ngot:      {numbers[:20]}")
            # What is there and was never acknowledged can only be of a batch that got no answer.
            known = set(acknowledged)
            extra = [record for record in there if record not in known]
            if [record for record in there if record in known] != acknowledged:
                missing = [record for record in acknowledged if record not in set(there)]
                raise serving.Failed(f"step:     records of key {key}\nexpected: all {len(acknowledged)} acknowledged, in order\n"
                                     f"got:      {len(missing)} missing, the first {missing[:1]}")
            if not {text for _, text in extra} <= unanswered:
                raise serving.Failed(f"step:     records of key {key}\nexpected: nothing that was not put\ngot:      {extra[:1]}")
    told("every acknowledged record was read back, in order per key")


def story(program):
    producers = [Producer(number) for number in range(PRODUCERS)]
    with tempfile.TemporaryDirectory(prefix="shardscope-client-") as folder:
        options = ("--data", os.path.join(folder, "data"), "--limits", "off", "--delays", "none")
        begun = time.monotonic()
        with serving.serving(program, *options, "--create", f"{STREAM}:4", folder=folder) as service:
            client(service).get_waiter("stream_exists").wait(StreamName=STREAM, WaiterConfig={"Delay": 0.1})
            rush(service, producers, enough=PRODUCERS * BATCHES // 2)
        told(f"killed with {sum(p.next_batch for p in producers)} of {PRODUCERS * BATCHES} batches acknowledged and "
             f"{sum(len(p.unanswered) for p in producers)} records without an answer")
        with serving.serving(program, *options, folder=folder) as service:
            rush(service, producers, enough=PRODUCERS * BATCHES)
        told(f"killed again after the last of them, {time.monotonic() - begun:.1f} s after the beginning")
        with serving.serving(program, *options, folder=folder) as service:
            compare(producers, read_all(client(service)))


serving.run(story)
