"""A client of our own that speaks CBOR as the Java SDKs do, with boto3's manners, in nothing but Python's library."""

import datetime
import hashlib
import hmac
import http.client
import ssl
import struct
import time
import urllib.parse
import zlib

import codec
import serving

CONTENT = "application/x-amz-cbor-1.1"
SUBSCRIBE = "SubscribeToShard"
# As the SDKs do: asked too often is no answer, so it is asked again, each time twice as late.
TOO_OFTEN = {"LimitExceededException", "ProvisionedThroughputExceededException"}
TRIES, FIRST_WAIT_S = 6, 0.1


class Refusal(Exception):
    """What the service said no with, as boto3's ClientError carries it."""

    def __init__(self, operation, code, message):
        super().__init__(f"{operation}: {code}: {message}")
        self.response = {"Error": {"Code": code, "Message": message}}


def signature_headers(method, url, headers, body, key_id, secret, now):
    """SigV4's headers for a request: X-Amz-Date and Authorization."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = headers | {"Host": url.netloc, "X-Amz-Date": stamp}
    signed = sorted(headers, key=str.lower)
    names = ";".join(name.lower() for name in signed)
    canonical = "\n".join([
        method, "/", "", *(f"{name.lower()}:{headers[name]}" for name in signed), "", names,
        hashlib.sha256(body).hexdigest()])
    scope = f"{stamp[:8]}/{serving.REGION}/kinesis/aws4_request"
    signing = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.digest(signing, text.encode(), "sha256").hex()
    return {"X-Amz-Date": stamp, "Authorization": f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, "
                                                  f"SignedHeaders={names}, Signature={signature}"}


class Client:
    """One method for each operation: `put_record(StreamName=…)` is PutRecord."""

    def __init__(self, url, certificate=None, key_id=serving.KEY_ID, secret=serving.SECRET):
        self.url = urllib.parse.urlsplit(url)
        self.tls = ssl.create_default_context(cafile=certificate) if self.url.scheme == "https" else None
        self.keys = key_id, secret
        self.kept = self.connection()

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection(self.url.netloc, context=self.tls, timeout=serving.DEADLINE_S)
        return http.client.HTTPConnection(self.url.netloc, timeout=serving.DEADLINE_S)

    def __getattr__(self, name):
        operation = "".join(word.title() for word in name.split("_"))
        return lambda **members: self.call(operation, members)

    def call(self, operation, members):
        for attempt in range(TRIES):
            try:
                return self.once(operation, members)
            except Refusal as refusal:
                if refusal.response["Error"]["Code"] not in TOO_OFTEN or attempt == TRIES - 1:
                    raise
            time.sleep(FIRST_WAIT_S * 2**attempt)

    def once(self, operation, members):
        # A subscription has a connection to itself: nothing else passes until it ends.
        connection = self.connection() if operation == SUBSCRIBE else self.kept
        body = codec.encode(members)
        headers = {"Content-Type": CONTENT, "X-Amz-Target": f"Kinesis_20131202.{operation}"}
        now = datetime.datetime.now(datetime.timezone.utc)
        connection.request("POST", "/", body,
                           headers | signature_headers("POST", self.url, headers, body, *self.keys, now))
        answer = connection.getresponse()
        if answer.status == 200 and operation == SUBSCRIBE:
            return {"EventStream": Events(connection, answer)}
        content = answer.read()
        decoded = codec.decode(content) if content else {}
        if answer.status == 200:
            if content:
                serving.must("content type of an answer", CONTENT, answer.headers["Content-Type"])
            return decoded
        raise Refusal(operation, decoded["__type"].rpartition("#")[2],
                      decoded.get("message", decoded.get("Message", "")))

    def get_waiter(self, name):
        return Waiter(self, {"stream_exists": "ACTIVE", "stream_not_exists": None}[name])


class Waiter:
    """Asks DescribeStream until the stream has the status, or is gone when that is None."""

    def __init__(self, client, status):
        self.client, self.status = client, status

    def wait(self, StreamName, WaiterConfig):
        for _ in range(WaiterConfig["MaxAttempts"]):
            try:
                status = self.client.describe_stream(StreamName=StreamName)["StreamDescription"]["StreamStatus"]
            except Refusal as refusal:
                if refusal.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                status = None
            if status == self.status:
                return
            time.sleep(WaiterConfig["Delay"])
        raise serving.Failed(f"step:     wait for {StreamName}\nexpected: {self.status}\ngot:      {status}")


class Events:
    """The frames of an event stream, each with its sums checked; the initial response comes first and is not given on."""

    def __init__(self, connection, answer):
        self.connection, self.answer = connection, answer
        serving.must("content type of a subscription", "application/vnd.amazon.eventstream",
                     answer.headers["Content-Type"])
        headers, _ = self.frame()
        serving.must("first frame of a subscription", "initial-response", headers[":event-type"])

    def __iter__(self):
        while frame := self.frame():
            headers, payload = frame
            if headers[":message-type"] == "exception":
                told = codec.decode(payload)
                raise Refusal(SUBSCRIBE, headers[":exception-type"], told.get("message", ""))
            serving.must("content type of an event", CONTENT, headers[":content-type"])
            yield {headers[":event-type"]: codec.decode(payload)}

    def frame(self):
        """Headers and payload of the next frame; None when the stream has ended."""
        prelude = self.answer.read(8)
        if not prelude:
            return None
        total, of_headers = struct.unpack(">II", prelude)
        rest = self.answer.read(total - 8)
        serving.must("sum of a frame's prelude", zlib.crc32(prelude), struct.unpack_from(">I", rest)[0])
        serving.must("sum of a frame", zlib.crc32(prelude + rest[:-4]), struct.unpack(">I", rest[-4:])[0])
        return self.headers(rest[4:4 + of_headers]), rest[4 + of_headers:-4]

    @staticmethod
    def headers(data):
        found = {}
        while data:
            name, data = data[1:1 + data[0]], data[1 + data[0]:]
            serving.must("type of a header, a string", 7, data[0])
            end = 3 + struct.unpack_from(">H", data, 1)[0]
            found[name.decode()], data = data[3:end].decode(), data[end:]
        return found

    def close(self):
        self.connection.close()
