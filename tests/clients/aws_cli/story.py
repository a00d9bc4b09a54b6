#!/usr/bin/env python3
"""The AWS CLI's story: a stream's whole life over plain HTTP, a short one over TLS, and signatures. `story.py SHARDSCOPE`

It has no SubscribeToShard: the CLI leaves out what answers with an event stream over HTTP/2.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import serving
from serving import expect, skip, until

AWS = "/usr/bin/aws"  # Debian's; another of the same name may come first in PATH
STREAM = "story"
SHARD = "shardId-000000000000"


class Refused(Exception):
    """The CLI's last line, with the error's code."""

    def __init__(self, command, text):
        found = re.search(r"An error occurred \((\w+)\)", text)
        self.code = found.group(1) if found else None
        super().__init__(f"{command}: {text.strip()}")


class Aws:
    """aws kinesis against one URL."""

    def __init__(self, service, url, **environment):
        self.url = url
        self.environment = serving.clean_environment(service.folder, AWS_CA_BUNDLE=service.certificate, **environment)

    def __call__(self, operation, *arguments, **options):
        """`stream_name="a"` becomes `--stream-name a`; returns what the CLI printed, parsed."""
        command = [AWS, "--endpoint-url", self.url, "--output", "json", "kinesis", operation, *arguments]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value)]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, timeout=120, check=False)
        if done.returncode:
            raise Refused(" ".join(command[4:])[:200], done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else {}


def refused(step, code, aws, operation, *arguments, **options):
    try:
        got = aws(operation, *arguments, **options)
    except Refused as refusal:
        got = refusal.code or str(refusal)
    expect(f"refused: {step}", code, got)


def coded(text):
    return base64.b64encode(text.encode()).decode()


def texts(page):
    return [base64.b64decode(record["Data"]).decode() for record in page["Records"]]


def active(aws, stream=STREAM):
    """The CLI's own waiter looks every ten seconds, which would make this story a long one; create() uses it."""
    until(f"{stream} is active", "ACTIVE", lambda: summary(aws, stream)["StreamStatus"])


def summary(aws, stream=STREAM):
    return aws("describe-stream-summary", stream_name=stream)["StreamDescriptionSummary"]


def open_shards(aws, stream=STREAM):
    shards = aws("list-shards", stream_name=stream)["Shards"]
    return [shard for shard in shards if "EndingSequenceNumber" not in shard["SequenceNumberRange"]]


def read(aws, stream=STREAM, shard=SHARD, **start):
    iterator = aws("get-shard-iterator", stream_name=stream, shard_id=shard, **start)["ShardIterator"]
    return aws("get-records", shard_iterator=iterator)


def create(aws):
    aws("create-stream", stream_name=STREAM, shard_count=1)
    aws("create-stream", stream_name="on-demand", stream_mode_details={"StreamMode": "ON_DEMAND"})
    aws("wait", "stream-exists", stream_name=STREAM)
    aws("wait", "stream-exists", stream_name="on-demand")
    got = [(s["StreamStatus"], s["OpenShardCount"], s["StreamModeDetails"]["StreamMode"])
           for s in (summary(aws), summary(aws, "on-demand"))]
    expect("created a provisioned and an on-demand stream and waited for both",
           [("ACTIVE", 1, "PROVISIONED"), ("ACTIVE", 4, "ON_DEMAND")], got)
    expect("listed both", ["on-demand", STREAM], aws("list-streams")["StreamNames"])


def put_and_read(aws):
    latest = aws("get-shard-iterator", stream_name=STREAM, shard_id=SHARD, shard_iterator_type="LATEST")
    first = aws("put-record", stream_name=STREAM, partition_key="k", data=coded("one"))
    expect("put one record", SHARD, first["ShardId"])
    batch = aws("put-records", stream_name=STREAM, records=[
        {"Data": coded("two"), "PartitionKey": "k"}, {"Data": coded("three"), "PartitionKey": "other"}])
    expect("put a batch of two", (0, 2), (batch["FailedRecordCount"], len(batch["Records"])))
    all_three, number = ["one", "two", "three"], first["SequenceNumber"]
    page = read(aws, shard_iterator_type="TRIM_HORIZON")
    expect("read from TRIM_HORIZON", all_three, texts(page))
    expect("read from LATEST, taken before the first put", all_three,
           texts(aws("get-records", shard_iterator=latest["ShardIterator"])))
    expect("read AT_SEQUENCE_NUMBER of the first", all_three, texts(
        read(aws, shard_iterator_type="AT_SEQUENCE_NUMBER", starting_sequence_number=number)))
    expect("read AFTER_SEQUENCE_NUMBER of the first", all_three[1:], texts(
        read(aws, shard_iterator_type="AFTER_SEQUENCE_NUMBER", starting_sequence_number=number)))
    # The CLI sends whole seconds; each of its calls takes a part of one, so a new second begins soon.
    second = int(time.time()) + 1
    until("the next second began", True, lambda: time.time() >= second)
    aws("put-record", stream_name=STREAM, partition_key="k", data=coded("four"))
    expect("read AT_TIMESTAMP of that second", ["four"], texts(
        read(aws, shard_iterator_type="AT_TIMESTAMP", timestamp=str(second))))


def overrun(aws):
    """Nearly 10 MB a batch: however much a rested shard takes at once, it cannot take that again and again."""
    aws("create-stream", stream_name="narrow", shard_count=1)
    active(aws, "narrow")
    path = os.path.join(aws.environment["HOME"], "batch.json")
    data = base64.b64encode(b"x" * 20_000).decode()
    with open(path, "w", encoding="utf-8") as file:
        json.dump([{"Data": data, "PartitionKey": "k"}] * 500, file)
    stored = failed = 0
    deadline = time.monotonic() + serving.DEADLINE_S
    while not failed and time.monotonic() < deadline:
        answer = aws("put-records", stream_name="narrow", records=f"file://{path}")
        failed = answer["FailedRecordCount"]
        stored += 500 - failed
    bad = [entry for entry in answer["Records"] if "ErrorCode" in entry]
    expect("a batch over the shard's limit failed in part, and each failed entry says why",
           (True, failed, {"ProvisionedThroughputExceededException"}, False),
           (failed > 0, len(bad), {entry["ErrorCode"] for entry in bad}, any("SequenceNumber" in e for e in bad)))


def reshard(aws):
    aws("create-stream", stream_name="lineage", shard_count=1)
    active(aws, "lineage")
    put = lambda text: aws("put-record", stream_name="lineage", partition_key="k", data=coded(text))
    put("before the split")
    aws("split-shard", stream_name="lineage", shard_to_split=SHARD, new_starting_hash_key=str(2**127))
    active(aws, "lineage")
    halves = [shard["ShardId"] for shard in open_shards(aws, "lineage")]
    put("between")
    aws("merge-shards", stream_name="lineage", shard_to_merge=halves[0], adjacent_shard_to_merge=halves[1])
    active(aws, "lineage")
    put("after the merge")
    aws("update-shard-count", stream_name="lineage", target_shard_count=2, scaling_type="UNIFORM_SCALING")
    active(aws, "lineage")
    expect("split, merged, and UpdateShardCount to two", 2, len(open_shards(aws, "lineage")))
    page = read(aws, "lineage", shard_iterator_type="TRIM_HORIZON")
    expect("the split shard ends with its two children", (["before the split"], False, halves),
           (texts(page), "NextShardIterator" in page, [child["ShardId"] for child in page["ChildShards"]]))
    pages = [read(aws, "lineage", half, shard_iterator_type="TRIM_HORIZON") for half in halves]
    children = [page["ChildShards"] for page in pages]
    expect("both halves end with the one child of both", (["between"], [[halves], [halves]]),
           (texts(pages[0]) + texts(pages[1]), [[child["ParentShards"] for child in of] for of in children]))
    whole = children[0][0]["ShardId"]
    expect("which goes on", ["after the merge"],
           texts(read(aws, "lineage", whole, shard_iterator_type="TRIM_HORIZON")))


def consumer(aws):
    arn = summary(aws)["StreamARN"]
    registered = aws("register-stream-consumer", stream_arn=arn, consumer_name="reader")["Consumer"]["ConsumerARN"]
    until("registered a consumer", "ACTIVE", lambda: aws(
        "describe-stream-consumer", consumer_arn=registered)["ConsumerDescription"]["ConsumerStatus"])
    expect("listed it", ["reader"],
           [c["ConsumerName"] for c in aws("list-stream-consumers", stream_arn=arn)["Consumers"]])


def settings(aws):
    aws("add-tags-to-stream", stream_name=STREAM, tags={"team": "blue", "cost center": "7"})
    aws("remove-tags-from-stream", "--tag-keys", "cost center", stream_name=STREAM)
    expect("tagged and untagged", [{"Key": "team", "Value": "blue"}],
           aws("list-tags-for-stream", stream_name=STREAM)["Tags"])
    for way, hours in (("increase", 48), ("decrease", 24)):
        aws(f"{way}-stream-retention-period", stream_name=STREAM, retention_period_hours=hours)
        until(f"retention {hours} h", ("ACTIVE", hours), lambda: (
            summary(aws)["StreamStatus"], summary(aws)["RetentionPeriodHours"]))


def encryption(aws):
    key = {"stream_name": STREAM, "encryption_type": "KMS", "key_id": "alias/aws/kinesis"}
    aws("start-stream-encryption", **key)
    active(aws)
    sealed = aws("put-record", stream_name=STREAM, partition_key="k", data=coded("sealed"))
    aws("stop-stream-encryption", **key)
    active(aws)
    aws("put-record", stream_name=STREAM, partition_key="k", data=coded("open"))
    page = read(aws, shard_iterator_type="AT_SEQUENCE_NUMBER", starting_sequence_number=sealed["SequenceNumber"])
    expect("encryption on and off; each record says how it was stored",
           ("KMS", ["sealed", "open"], ["KMS", "NONE"]),
           (sealed.get("EncryptionType"), texts(page), [r.get("EncryptionType", "NONE") for r in page["Records"]]))


def errors(aws):
    refused("a second stream of the same name", "ResourceInUseException",
            aws, "create-stream", stream_name=STREAM, shard_count=1)
    refused("a stream that is not there", "ResourceNotFoundException",
            aws, "put-record", stream_name="nowhere", partition_key="k", data=coded("x"))
    refused("a name with a space", "ValidationException", aws, "describe-stream", stream_name="no such")
    refused("an iterator that nobody gave", "InvalidArgumentException",
            aws, "get-records", shard_iterator="AAAAAAAAAAEgarbage")
    refused("a shard that is not there", "ResourceNotFoundException", aws, "get-shard-iterator",
            stream_name=STREAM, shard_id="shardId-000000000099", shard_iterator_type="LATEST")
    refused("retention over a year", "InvalidArgumentException", aws, "increase-stream-retention-period",
            stream_name=STREAM, retention_period_hours=8761)
    refused("deleting a stream that has a consumer", "ResourceInUseException",
            aws, "delete-stream", stream_name=STREAM)


def delete(aws):
    streams = aws("list-streams")["StreamNames"]
    for stream in streams:
        aws("delete-stream", "--enforce-consumer-deletion", stream_name=stream)
    for stream in streams:
        aws("wait", "stream-not-exists", stream_name=stream)
    expect(f"deleted {len(streams)} streams and waited until they were gone", [], aws("list-streams")["StreamNames"])


LIFE = (create, put_and_read, overrun, reshard, consumer, settings, encryption, errors, delete)
# Each call is a process that takes a second of a core, and TLS is the same for all of them.
SHORT_LIFE = (create, put_and_read, delete)


def signatures(program):
    with tempfile.TemporaryDirectory(prefix="shardscope-client-") as folder:
        keys = serving.credentials_file(folder)
        with serving.serving(program, "--credentials", keys, folder=folder) as service:
            expect("the right secret passes", [], Aws(service, service.plain)("list-streams")["StreamNames"])
            refused("a wrong secret", "InvalidSignatureException",
                    Aws(service, service.plain, AWS_SECRET_ACCESS_KEY="another"), "list-streams")


def story(program):
    if not os.access(AWS, os.X_OK):
        skip("the AWS CLI is not installed (Debian's package awscli)")
    print(subprocess.run([AWS, "--version"], capture_output=True, text=True, check=False).stdout.strip())
    # So short that the CLI's waiters, which look at once and then every ten seconds, need one look.
    with serving.serving(program, "--delays", "100") as service:
        for url, chapters in ((service.plain, LIFE), (service.tls, SHORT_LIFE)):
            print(f"over {url}", flush=True)
            for chapter in chapters:
                chapter(Aws(service, url))
    print("with --credentials", flush=True)
    signatures(program)


serving.run(story)
