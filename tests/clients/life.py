"""A stream's whole life as a client lives it: create, put, read, reshard, subscribe, settings, encryption, errors, delete.

life(kinesis) takes any client with boto3's manners: one method for each operation, named in snake case, that takes the
members as keywords and returns the answer as a dict; a refusal is an exception with boto3's `response`; waiters; bytes
for blobs, aware datetimes for times.
"""

import collections
import datetime
import json
import math
import tempfile
import time

import serving
from serving import expect, until

STREAM = "story"
SOON = {"Delay": 0.1, "MaxAttempts": 300}  # the waiters' own delay is 10 s


def refused(step, code, call, **arguments):
    try:
        got = call(**arguments)
    except Exception as error:
        if not hasattr(error, "response"):
            raise
        got = error.response["Error"]["Code"]
        step += f" ({error.response['Error'].get('Message', '').splitlines()[0]})"
    expect(f"refused: {step}", code, got)


def active(kinesis, stream=STREAM):
    kinesis.get_waiter("stream_exists").wait(StreamName=stream, WaiterConfig=SOON)


def stream_arn(kinesis, stream=STREAM):
    return kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]


def open_shards(kinesis, stream=STREAM):
    shards = kinesis.list_shards(StreamName=stream)["Shards"]
    return [s for s in shards if "EndingSequenceNumber" not in s["SequenceNumberRange"]]


def read(kinesis, shard, enough=math.inf, stream=STREAM, **start):
    """Records of a shard until there are `enough` or its end or tip is met, and the children of a closed one."""
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, **start)["ShardIterator"]
    return drain(kinesis, iterator, enough)


def drain(kinesis, iterator, enough):
    records, deadline = [], time.monotonic() + serving.DEADLINE_S
    while iterator and len(records) < enough and time.monotonic() < deadline:
        page = kinesis.get_records(ShardIterator=iterator)
        records += page["Records"]
        iterator = page.get("NextShardIterator")
        if enough == math.inf and not page["Records"] and page["MillisBehindLatest"] == 0:
            break
    return records, page.get("ChildShards", [])


def texts(records):
    return [record["Data"].decode() for record in records]


def create(kinesis):
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    refused("a second stream of the same name", "ResourceInUseException",
            kinesis.create_stream, StreamName=STREAM, ShardCount=1)
    kinesis.create_stream(StreamName="on-demand", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    active(kinesis)
    active(kinesis, "on-demand")
    summary = kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]
    expect("created a provisioned stream and waited for it", ("ACTIVE", 1, "PROVISIONED", 24),
           (summary["StreamStatus"], summary["OpenShardCount"], summary["StreamModeDetails"]["StreamMode"],
            summary["RetentionPeriodHours"]))
    summary = kinesis.describe_stream_summary(StreamName="on-demand")["StreamDescriptionSummary"]
    expect("created an on-demand stream and waited for it", ("ACTIVE", 4, "ON_DEMAND"),
           (summary["StreamStatus"], summary["OpenShardCount"], summary["StreamModeDetails"]["StreamMode"]))
    expect("listed both", ["on-demand", STREAM], kinesis.list_streams()["StreamNames"])


def put_and_read(kinesis):
    shard = open_shards(kinesis)[0]["ShardId"]
    latest = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    first = kinesis.put_record(StreamName=STREAM, Data=b"one", PartitionKey="k")
    expect("put one record", shard, first["ShardId"])
    batch = kinesis.put_records(StreamName=STREAM, Records=[
        {"Data": b"two", "PartitionKey": "k"}, {"Data": b"three", "PartitionKey": "other", "ExplicitHashKey": "0"}])
    expect("put a batch of two", (0, [shard, shard]),
           (batch["FailedRecordCount"], [entry["ShardId"] for entry in batch["Records"]]))

    all_three = ["one", "two", "three"]
    number = first["SequenceNumber"]
    records, _ = read(kinesis, shard, 3, ShardIteratorType="TRIM_HORIZON")
    expect("read from TRIM_HORIZON", all_three, texts(records))
    expect("the same sequence numbers as put said", [number] + [entry["SequenceNumber"] for entry in batch["Records"]],
           [record["SequenceNumber"] for record in records])
    expect("read from LATEST, taken before the first put", all_three, texts(drain(kinesis, latest, 3)[0]))
    expect("read AT_SEQUENCE_NUMBER of the first", all_three, texts(
        read(kinesis, shard, 3, ShardIteratorType="AT_SEQUENCE_NUMBER", StartingSequenceNumber=number)[0]))
    expect("read AFTER_SEQUENCE_NUMBER of the first", all_three[1:], texts(
        read(kinesis, shard, 2, ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number)[0]))
    read_at_timestamp(kinesis, shard, records)


def read_at_timestamp(kinesis, shard, before):
    """boto3 sends whole seconds, so a record is put in the second after those that are there."""
    second = math.floor(max(record["ApproximateArrivalTimestamp"] for record in before).timestamp()) + 1
    until("the next second began", True, lambda: time.time() >= second)
    kinesis.put_record(StreamName=STREAM, Data=b"four", PartitionKey="k")
    start = datetime.datetime.fromtimestamp(second, datetime.timezone.utc)
    expect("read AT_TIMESTAMP of that second", ["four"], texts(
        read(kinesis, shard, 1, ShardIteratorType="AT_TIMESTAMP", Timestamp=start)[0]))


def overrun(kinesis):
    """Batches as fast as they go until one shard has taken its 1,000 records of a second."""
    kinesis.create_stream(StreamName="narrow", ShardCount=1)
    active(kinesis, "narrow")
    shard, kept = open_shards(kinesis, "narrow")[0]["ShardId"], []
    deadline = time.monotonic() + serving.DEADLINE_S
    failed = 0
    while not failed and time.monotonic() < deadline:
        batch = [f"{len(kept)}-{n}" for n in range(500)]
        answer = kinesis.put_records(StreamName="narrow",
                                     Records=[{"Data": text.encode(), "PartitionKey": "k"} for text in batch])
        failed = answer["FailedRecordCount"]
        kept += [text for text, entry in zip(batch, answer["Records"]) if "SequenceNumber" in entry]
    entries = answer["Records"]
    bad = [entry for entry in entries if "ErrorCode" in entry]
    expect("a batch over the shard's limit failed in part", (True, True, 500, failed),
           (failed > 0, len(kept) > 0, len(entries), len(bad)))
    expect("each failed entry says why and has no number", {("ProvisionedThroughputExceededException", False)},
           {(entry["ErrorCode"], "SequenceNumber" in entry) for entry in bad})
    expect("its message names the shard", True, all(shard in entry["ErrorMessage"] for entry in bad))
    records, _ = read(kinesis, shard, len(kept), stream="narrow", ShardIteratorType="TRIM_HORIZON")
    expect(f"exactly the {len(kept)} acknowledged records are there, in order", kept, texts(records))


def put_numbered(kinesis, sent):
    """Twenty more records over five keys, each with its key's next number."""
    for n in range(20):
        key = f"key-{n % 5}"
        sent[key].append(len(sent[key]))
        kinesis.put_record(StreamName="lineage", PartitionKey=key, Data=json.dumps([key, sent[key][-1]]).encode())


def reshard(kinesis):
    kinesis.create_stream(StreamName="lineage", ShardCount=1)
    active(kinesis, "lineage")
    root = open_shards(kinesis, "lineage")[0]["ShardId"]
    sent = collections.defaultdict(list)
    put_numbered(kinesis, sent)
    kinesis.split_shard(StreamName="lineage", ShardToSplit=root, NewStartingHashKey=str(2**127))
    active(kinesis, "lineage")
    halves = open_shards(kinesis, "lineage")
    expect("split the shard in two", [(root, "0", str(2**127 - 1)), (root, str(2**127), str(2**128 - 1))],
           [(s["ParentShardId"], s["HashKeyRange"]["StartingHashKey"], s["HashKeyRange"]["EndingHashKey"])
            for s in halves])
    put_numbered(kinesis, sent)
    kinesis.merge_shards(StreamName="lineage", ShardToMerge=halves[0]["ShardId"],
                         AdjacentShardToMerge=halves[1]["ShardId"])
    active(kinesis, "lineage")
    whole = open_shards(kinesis, "lineage")
    expect("merged them again", [(halves[0]["ShardId"], halves[1]["ShardId"], "0", str(2**128 - 1))],
           [(s["ParentShardId"], s["AdjacentParentShardId"], s["HashKeyRange"]["StartingHashKey"],
             s["HashKeyRange"]["EndingHashKey"]) for s in whole])
    put_numbered(kinesis, sent)
    kinesis.update_shard_count(StreamName="lineage", TargetShardCount=2, ScalingType="UNIFORM_SCALING")
    active(kinesis, "lineage")
    expect("UpdateShardCount to two", 2, len(open_shards(kinesis, "lineage")))
    put_numbered(kinesis, sent)
    follow_lineage(kinesis, root, sent)


def follow_lineage(kinesis, root, sent):
    """From the root through ChildShards; a child is read when all its parents have been."""
    parents = {root: []}
    got, finished, waiting = collections.defaultdict(list), [], [root]
    while waiting:
        shard = waiting.pop(0)
        records, children = read(kinesis, shard, stream="lineage", ShardIteratorType="TRIM_HORIZON")
        for record in records:
            key, number = json.loads(record["Data"])
            got[key].append(number)
        finished.append(shard)
        parents |= {child["ShardId"]: child["ParentShards"] for child in children}
        waiting += [child for child, of in parents.items()
                    if child not in waiting + finished and set(of) <= set(finished)]
    expect("followed six shards through ChildShards: every record once, in order per key", (dict(sent), 6),
           (dict(got), len(parents)))


def fan_out(kinesis):
    arn = stream_arn(kinesis)
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="reader")["Consumer"]
    until("registered a consumer", "ACTIVE", lambda: kinesis.describe_stream_consumer(
        ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]["ConsumerStatus"])
    expect("listed it", ["reader"],
           [c["ConsumerName"] for c in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]])
    shard = open_shards(kinesis)[0]["ShardId"]
    events = kinesis.subscribe_to_shard(ConsumerARN=consumer["ConsumerARN"], ShardId=shard,
                                        StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"]
    got, live = [], False
    for event in (event["SubscribeToShardEvent"] for event in events):
        got += texts(event["Records"])
        if len(got) == 4 and not live:
            kinesis.put_record(StreamName=STREAM, Data=b"five", PartitionKey="k")
            live = True
        if len(got) >= 5:
            break
    expect("subscribed: four stored records and one put meanwhile", ["one", "two", "three", "four", "five"], got)
    expect("an event carries a place to continue and the lag", (True, 0),
           (event["ContinuationSequenceNumber"].isdigit(), event["MillisBehindLatest"]))
    events.close()
    kinesis.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
    until("deregistered it", [], lambda: kinesis.list_stream_consumers(StreamARN=arn)["Consumers"])


def settings(kinesis):
    kinesis.add_tags_to_stream(StreamName=STREAM, Tags={"team": "blue", "cost center": "7"})
    kinesis.remove_tags_from_stream(StreamName=STREAM, TagKeys=["cost center"])
    expect("tagged and untagged", [{"Key": "team", "Value": "blue"}],
           kinesis.list_tags_for_stream(StreamName=STREAM)["Tags"])
    hours = lambda: kinesis.describe_stream_summary(
        StreamName=STREAM)["StreamDescriptionSummary"]["RetentionPeriodHours"]
    kinesis.increase_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=48)
    active(kinesis)
    until("retention up to 48 h", 48, hours)
    refused("retention down by the call for up", "InvalidArgumentException",
            kinesis.increase_stream_retention_period, StreamName=STREAM, RetentionPeriodHours=36)
    kinesis.decrease_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=24)
    active(kinesis)
    until("retention down to 24 h", 24, hours)
    kinesis.enable_enhanced_monitoring(StreamName=STREAM, ShardLevelMetrics=["IncomingBytes"])
    active(kinesis)
    until("shard metrics on", [{"ShardLevelMetrics": ["IncomingBytes"]}], lambda: kinesis.describe_stream_summary(
        StreamName=STREAM)["StreamDescriptionSummary"]["EnhancedMonitoring"])


def encryption(kinesis):
    shard = open_shards(kinesis)[0]["ShardId"]
    key = {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
    kinesis.start_stream_encryption(StreamName=STREAM, **key)
    active(kinesis)
    sealed = kinesis.put_record(StreamName=STREAM, Data=b"sealed", PartitionKey="k")
    kinesis.stop_stream_encryption(StreamName=STREAM, **key)
    active(kinesis)
    kinesis.put_record(StreamName=STREAM, Data=b"open", PartitionKey="k")
    records, _ = read(kinesis, shard, 2, ShardIteratorType="AT_SEQUENCE_NUMBER",
                      StartingSequenceNumber=sealed["SequenceNumber"])
    expect("encryption on and off; each record says how it was stored",
           ("KMS", [("sealed", "KMS"), ("open", "NONE")]),
           (sealed.get("EncryptionType"),
            [(r["Data"].decode(), r.get("EncryptionType", "NONE")) for r in records]))


def errors(kinesis):
    refused("a stream that is not there", "ResourceNotFoundException",
            kinesis.put_record, StreamName="nowhere", Data=b"x", PartitionKey="k")
    refused("a name with a space", "ValidationException", kinesis.describe_stream, StreamName="no such")
    refused("an unknown iterator type", "ValidationException", kinesis.get_shard_iterator,
            StreamName=STREAM, ShardId="shardId-000000000000", ShardIteratorType="YESTERDAY")
    refused("a shard that is not there", "ResourceNotFoundException", kinesis.get_shard_iterator,
            StreamName=STREAM, ShardId="shardId-000000000099", ShardIteratorType="LATEST")
    refused("an iterator that nobody gave", "InvalidArgumentException",
            kinesis.get_records, ShardIterator="AAAAAAAAAAEgarbage")
    refused("a hash key out of range", "InvalidArgumentException", kinesis.put_record,
            StreamName=STREAM, Data=b"x", PartitionKey="k", ExplicitHashKey=str(2**128))
    refused("a record over 1 MiB", "ValidationException", kinesis.put_record,
            StreamName=STREAM, Data=b"x" * (2**20 + 1), PartitionKey="k")
    refused("a batch of 501", "ValidationException", kinesis.put_records,
            StreamName=STREAM, Records=[{"Data": b"x", "PartitionKey": "k"}] * 501)


def delete(kinesis):
    streams = kinesis.list_streams()["StreamNames"]
    for stream in streams:
        kinesis.delete_stream(StreamName=stream, EnforceConsumerDeletion=True)
    for stream in streams:
        kinesis.get_waiter("stream_not_exists").wait(StreamName=stream, WaiterConfig=SOON)
    expect(f"deleted {len(streams)} streams and waited until they were gone", [],
           kinesis.list_streams()["StreamNames"])


def life(kinesis):
    for chapter in (create, put_and_read, overrun, reshard, fan_out, settings, encryption, errors, delete):
        chapter(kinesis)


def signatures(program, client):
    """With --credentials; client(url, key_id=…, secret=…) makes one of the story's kind."""
    with tempfile.TemporaryDirectory(prefix="shardscope-client-") as folder:
        keys = serving.credentials_file(folder)
        with serving.serving(program, "--credentials", keys, folder=folder) as service:
            expect("the right secret passes", [], client(service.plain).list_streams()["StreamNames"])
            refused("a wrong secret", "InvalidSignatureException",
                    client(service.plain, secret="another").list_streams)
            refused("an unknown key", "UnrecognizedClientException",
                    client(service.plain, key_id="AKIDSOMEBODY").list_streams)
