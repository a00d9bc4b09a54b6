// The JavaScript SDK's story, with its defaults, which means HTTP/2 for every call.
//   story.mjs life URL       a stream's whole life
//   story.mjs signatures URL  the right secret and a wrong one; the service checks them
// Keys and Region come from the environment. Ends with 1 when a step does not hold, and says which.
import { isDeepStrictEqual, inspect } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import * as sdk from "@aws-sdk/client-kinesis";

const stream = "story";
const deadlineMs = 60_000; // of anything waited for; far more than it takes
const [, , part, endpoint] = process.argv;
const kinesis = new sdk.KinesisClient({ endpoint });

class Failed extends Error {}

function expect(step, expected, got) {
  if (!isDeepStrictEqual(expected, got))
    throw new Failed(`step:     ${step}\nexpected: ${inspect(expected)}\ngot:      ${inspect(got, { depth: 6 })}`);
  console.log(`  ${step}`);
}

async function until(step, expected, look) {
  const end = Date.now() + deadlineMs;
  let got = await look();
  while (!isDeepStrictEqual(expected, got) && Date.now() < end) {
    await pause(50);
    got = await look();
  }
  expect(step, expected, got);
}

// call("PutRecord", {…}) sends a PutRecordCommand.
const call = (operation, input = {}, client = kinesis) => client.send(new sdk[`${operation}Command`](input));

async function refused(step, name, operation, input, client) {
  let got;
  try {
    got = await call(operation, input, client);
  } catch (error) {
    got = error.name;
    step += ` (${error.message.split("\n")[0]})`;
  }
  expect(`refused: ${step}`, name, got);
}

const bytes = text => new TextEncoder().encode(text);
const texts = records => records.map(record => new TextDecoder().decode(record.Data));
const waiting = { client: kinesis, maxWaitTime: deadlineMs / 1000, minDelay: 0.1, maxDelay: 0.2 };
const active = (name = stream) => sdk.waitUntilStreamExists(waiting, { StreamName: name });
const summary = async (name = stream) =>
  (await call("DescribeStreamSummary", { StreamName: name })).StreamDescriptionSummary;
const openShards = async (name = stream) =>
  (await call("ListShards", { StreamName: name })).Shards.filter(s => !s.SequenceNumberRange.EndingSequenceNumber);

// Records until there are enough of them, or the shard's end or, when `enough` is not given, its tip.
async function drain(iterator, enough = Infinity) {
  const records = [];
  const end = Date.now() + deadlineMs;
  let page;
  do {
    page = await call("GetRecords", { ShardIterator: iterator });
    records.push(...page.Records);
    iterator = page.NextShardIterator;
    if (enough === Infinity && !page.Records.length && page.MillisBehindLatest === 0) break;
  } while (iterator && records.length < enough && Date.now() < end);
  return { records, children: page.ChildShards ?? [] };
}

async function read(ShardId, start, { enough, StreamName = stream } = {}) {
  return drain((await call("GetShardIterator", { StreamName, ShardId, ...start })).ShardIterator, enough);
}

async function create() {
  await call("CreateStream", { StreamName: stream, ShardCount: 1 });
  await call("CreateStream", { StreamName: "on-demand", StreamModeDetails: { StreamMode: "ON_DEMAND" } });
  await active();
  await active("on-demand");
  const got = [await summary(), await summary("on-demand")];
  expect("created a provisioned and an on-demand stream and waited for both",
    [["ACTIVE", 1, "PROVISIONED"], ["ACTIVE", 4, "ON_DEMAND"]],
    got.map(s => [s.StreamStatus, s.OpenShardCount, s.StreamModeDetails.StreamMode]));
  expect("listed both", ["on-demand", stream], (await call("ListStreams")).StreamNames);
}

async function putAndRead() {
  const [{ ShardId }] = await openShards();
  const latest = await call("GetShardIterator", { StreamName: stream, ShardId, ShardIteratorType: "LATEST" });
  const first = await call("PutRecord", { StreamName: stream, Data: bytes("one"), PartitionKey: "k" });
  expect("put one record", ShardId, first.ShardId);
  const batch = await call("PutRecords", { StreamName: stream, Records: [
    { Data: bytes("two"), PartitionKey: "k" }, { Data: bytes("three"), PartitionKey: "other", ExplicitHashKey: "0" }] });
  expect("put a batch of two", [0, ShardId, ShardId], [batch.FailedRecordCount, ...batch.Records.map(r => r.ShardId)]);

  const all = ["one", "two", "three"];
  const StartingSequenceNumber = first.SequenceNumber;
  const { records } = await read(ShardId, { ShardIteratorType: "TRIM_HORIZON" }, { enough: 3 });
  expect("read from TRIM_HORIZON", all, texts(records));
  expect("the same sequence numbers as put said", [first, ...batch.Records].map(r => r.SequenceNumber),
    records.map(r => r.SequenceNumber));
  expect("read from LATEST, taken before the first put", all,
    texts((await drain(latest.ShardIterator, 3)).records));
  expect("read AT_SEQUENCE_NUMBER of the first", all, texts(
    (await read(ShardId, { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber }, { enough: 3 })).records));
  expect("read AFTER_SEQUENCE_NUMBER of the first", all.slice(1), texts(
    (await read(ShardId, { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber }, { enough: 2 })).records));

  // Arrival is counted in milliseconds, so the next record shall come in a later one.
  const Timestamp = new Date(Math.max(...records.map(r => r.ApproximateArrivalTimestamp.getTime())) + 1);
  await until("a later millisecond began", true, () => Date.now() >= Timestamp.getTime());
  await call("PutRecord", { StreamName: stream, Data: bytes("four"), PartitionKey: "k" });
  expect("read AT_TIMESTAMP of that millisecond", ["four"], texts(
    (await read(ShardId, { ShardIteratorType: "AT_TIMESTAMP", Timestamp }, { enough: 1 })).records));
}

// Batches as fast as they go until one shard has taken its 1,000 records of a second.
async function overrun() {
  await call("CreateStream", { StreamName: "narrow", ShardCount: 1 });
  await active("narrow");
  const [{ ShardId }] = await openShards("narrow");
  const kept = [];
  const end = Date.now() + deadlineMs;
  let answer;
  do {
    const batch = Array.from({ length: 500 }, (_, n) => `${kept.length}-${n}`);
    answer = await call("PutRecords", {
      StreamName: "narrow", Records: batch.map(text => ({ Data: bytes(text), PartitionKey: "k" })) });
    kept.push(...batch.filter((_, n) => answer.Records[n].SequenceNumber));
  } while (!answer.FailedRecordCount && Date.now() < end);
  const bad = answer.Records.filter(r => r.ErrorCode);
  expect("a batch over the shard's limit failed in part", [true, 500, answer.FailedRecordCount],
    [bad.length > 0, answer.Records.length, bad.length]);
  expect("each failed entry says why and has no number", true, bad.every(r =>
    r.ErrorCode === "ProvisionedThroughputExceededException" && r.ErrorMessage.includes(ShardId) && !r.SequenceNumber));
  const { records } = await read(ShardId, { ShardIteratorType: "TRIM_HORIZON" },
    { enough: kept.length, StreamName: "narrow" });
  expect(`exactly the ${kept.length} acknowledged records are there, in order`, kept, texts(records));
}

// Twenty more records over five keys, each with its key's next number.
async function putNumbered(sent) {
  for (let n = 0; n < 20; ++n) {
    const key = `key-${n % 5}`;
    const numbers = (sent[key] ??= []);
    numbers.push(numbers.length);
    await call("PutRecord", { StreamName: "lineage", PartitionKey: key, Data: bytes(JSON.stringify([key, numbers.at(-1)])) });
  }
}

async function reshard() {
  const StreamName = "lineage";
  await call("CreateStream", { StreamName, ShardCount: 1 });
  await active(StreamName);
  const [{ ShardId: root }] = await openShards(StreamName);
  const sent = {};
  await putNumbered(sent);
  await call("SplitShard", { StreamName, ShardToSplit: root, NewStartingHashKey: String(2n ** 127n) });
  await active(StreamName);
  const [low, high] = (await openShards(StreamName)).map(s => s.ShardId);
  await putNumbered(sent);
  await call("MergeShards", { StreamName, ShardToMerge: low, AdjacentShardToMerge: high });
  await active(StreamName);
  const whole = await openShards(StreamName);
  expect("split, and merged again", [[low, high, "0", String(2n ** 128n - 1n)]], whole.map(s =>
    [s.ParentShardId, s.AdjacentParentShardId, s.HashKeyRange.StartingHashKey, s.HashKeyRange.EndingHashKey]));
  await putNumbered(sent);
  await call("UpdateShardCount", { StreamName, TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" });
  await active(StreamName);
  expect("UpdateShardCount to two", 2, (await openShards(StreamName)).length);
  await putNumbered(sent);
  await followLineage(root, sent);
}

// From the root through ChildShards; a child is read when all its parents have been.
async function followLineage(root, sent) {
  const parents = new Map([[root, []]]);
  const finished = new Set();
  const got = {};
  for (;;) {
    const next = [...parents].find(([id, of]) => !finished.has(id) && of.every(parent => finished.has(parent)));
    if (!next) break;
    const { records, children } = await read(next[0], { ShardIteratorType: "TRIM_HORIZON" }, { StreamName: "lineage" });
    for (const [key, number] of texts(records).map(text => JSON.parse(text))) (got[key] ??= []).push(number);
    for (const child of children) parents.set(child.ShardId, child.ParentShards);
    finished.add(next[0]);
  }
  expect("followed six shards through ChildShards: every record once, in order per key", [6, sent], [finished.size, got]);
}

async function fanOut() {
  const { StreamARN } = await summary();
  const { ConsumerARN } = (await call("RegisterStreamConsumer", { StreamARN, ConsumerName: "reader" })).Consumer;
  await until("registered a consumer", "ACTIVE", async () =>
    (await call("DescribeStreamConsumer", { ConsumerARN })).ConsumerDescription.ConsumerStatus);
  const [{ ShardId }] = await openShards();
  const { EventStream } = await call("SubscribeToShard", {
    ConsumerARN, ShardId, StartingPosition: { Type: "TRIM_HORIZON" } });
  const got = [];
  let last;
  for await (const { SubscribeToShardEvent: event } of EventStream) {
    last = event;
    got.push(...texts(event.Records));
    if (got.length === 4 && event.Records.length)
      await call("PutRecord", { StreamName: stream, Data: bytes("five"), PartitionKey: "k" });
    if (got.length >= 5) break;
  }
  expect("subscribed over HTTP/2: four stored records and one put meanwhile",
    ["one", "two", "three", "four", "five"], got);
  expect("an event carries a place to continue and the lag", [true, 0],
    [/^\d+$/.test(last.ContinuationSequenceNumber), last.MillisBehindLatest]);
  await call("DeregisterStreamConsumer", { ConsumerARN });
  await until("deregistered it", [], async () => (await call("ListStreamConsumers", { StreamARN })).Consumers);
}

async function settings() {
  await call("AddTagsToStream", { StreamName: stream, Tags: { team: "blue", "cost center": "7" } });
  await call("RemoveTagsFromStream", { StreamName: stream, TagKeys: ["cost center"] });
  expect("tagged and untagged", [{ Key: "team", Value: "blue" }],
    (await call("ListTagsForStream", { StreamName: stream })).Tags);
  for (const [way, RetentionPeriodHours] of [["Increase", 48], ["Decrease", 24]]) {
    await call(`${way}StreamRetentionPeriod`, { StreamName: stream, RetentionPeriodHours });
    await active();
    await until(`retention ${RetentionPeriodHours} h`, RetentionPeriodHours, async () =>
      (await summary()).RetentionPeriodHours);
  }
}

async function encryption() {
  const [{ ShardId }] = await openShards();
  const key = { StreamName: stream, EncryptionType: "KMS", KeyId: "alias/aws/kinesis" };
  await call("StartStreamEncryption", key);
  await active();
  const sealed = await call("PutRecord", { StreamName: stream, Data: bytes("sealed"), PartitionKey: "k" });
  await call("StopStreamEncryption", key);
  await active();
  await call("PutRecord", { StreamName: stream, Data: bytes("open"), PartitionKey: "k" });
  const { records } = await read(ShardId, {
    ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: sealed.SequenceNumber }, { enough: 2 });
  expect("encryption on and off; each record says how it was stored", ["KMS", ["sealed", "open"], ["KMS", "NONE"]],
    [sealed.EncryptionType, texts(records), records.map(r => r.EncryptionType ?? "NONE")]);
}

async function errors() {
  const one = { Data: bytes("x"), PartitionKey: "k" };
  await refused("a second stream of the same name", "ResourceInUseException",
    "CreateStream", { StreamName: stream, ShardCount: 1 });
  await refused("a stream that is not there", "ResourceNotFoundException", "PutRecord", { StreamName: "nowhere", ...one });
  await refused("a name with a space", "ValidationException", "DescribeStream", { StreamName: "no such" });
  await refused("an unknown iterator type", "ValidationException",
    "GetShardIterator", { StreamName: stream, ShardId: "shardId-000000000000", ShardIteratorType: "YESTERDAY" });
  await refused("an iterator that nobody gave", "InvalidArgumentException",
    "GetRecords", { ShardIterator: "AAAAAAAAAAEgarbage" });
  await refused("a record over 1 MiB", "ValidationException",
    "PutRecord", { StreamName: stream, ...one, Data: new Uint8Array(2 ** 20 + 1) });
  await refused("a batch of 501", "ValidationException",
    "PutRecords", { StreamName: stream, Records: Array(501).fill(one) });
}

async function remove() {
  const { StreamNames } = await call("ListStreams");
  for (const StreamName of StreamNames) await call("DeleteStream", { StreamName, EnforceConsumerDeletion: true });
  for (const StreamName of StreamNames) await sdk.waitUntilStreamNotExists(waiting, { StreamName });
  expect(`deleted ${StreamNames.length} streams and waited until they were gone`, [],
    (await call("ListStreams")).StreamNames);
}

async function life() {
  for (const chapter of [create, putAndRead, overrun, reshard, fanOut, settings, encryption, errors, remove])
    await chapter();
}

async function signatures() {
  expect("the right secret passes", [], (await call("ListStreams")).StreamNames);
  const credentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: "another" };
  await refused("a wrong secret", "InvalidSignatureException", "ListStreams", {},
    new sdk.KinesisClient({ endpoint, credentials }));
}

try {
  await { life, signatures }[part]();
} catch (error) {
  console.error(error instanceof Failed ? `FAILED\n${error.message}` : error);
  process.exitCode = 1;
} finally {
  kinesis.destroy();
}
