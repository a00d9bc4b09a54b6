"""CBOR (RFC 8949) as `application/x-amz-cbor-1.1` has it: times are tag 1 with integer milliseconds, blobs are byte strings."""

import datetime
import struct

EPOCH = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
MILLISECOND = datetime.timedelta(milliseconds=1)
INDEFINITE = 31
BREAK = object()
SIMPLE = {20: False, 21: True, 22: None}


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for more, size in ((24, "B"), (25, ">H"), (26, ">I"), (27, ">Q")):
        if number < 1 << 8 * struct.calcsize(size):
            return bytes([major << 5 | more]) + struct.pack(size, number)
    raise ValueError(f"{number} is too large")


def encode(value):
    match value:
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case str():
            text = value.encode()
            return head(3, len(text)) + text
        case bytes():
            return head(2, len(value)) + value
        case datetime.datetime():
            return head(6, 1) + encode((value - EPOCH) // MILLISECOND)
        case list():
            return head(4, len(value)) + b"".join(map(encode, value))
        case dict():
            return head(5, len(value)) + b"".join(encode(key) + encode(of) for key, of in value.items())
    raise TypeError(f"{value!r} has no place in a request")


def decode(data):
    """The one value that `data` is."""
    value, end = item(memoryview(data), 0)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes after the value")
    return value


def argument(data, at, more):
    """What a head says besides its major type, and where it ends."""
    if more < 24:
        return more, at
    size = {24: "B", 25: ">H", 26: ">I", 27: ">Q"}[more]
    return struct.unpack_from(size, data, at)[0], at + struct.calcsize(size)


def item(data, at):
    major, more = data[at] >> 5, data[at] & 31
    at += 1
    if more == INDEFINITE:
        if major == 7:
            return BREAK, at
        return gathered(major, *until_break(data, at))
    if major == 7:
        if more in SIMPLE:
            return SIMPLE[more], at
        size = {25: ">e", 26: ">f", 27: ">d"}[more]
        return struct.unpack_from(size, data, at)[0], at + struct.calcsize(size)
    number, at = argument(data, at, more)
    if major in (2, 3):
        if at + number > len(data):
            raise ValueError("a text or blob ends after the body")
        return (bytes if major == 2 else lambda text: str(text, "utf-8"))(data[at:at + number]), at + number
    if major == 6:
        value, at = item(data, at)
        return EPOCH + value * MILLISECOND if number == 1 else value, at
    if major in (4, 5):
        items = []
        for _ in range(number * (major - 3)):
            value, at = item(data, at)
            items.append(value)
        return gathered(major, items, at)
    return (number if major == 0 else -1 - number), at


def until_break(data, at):
    items = []
    while (read := item(data, at))[0] is not BREAK:
        items.append(read[0])
        at = read[1]
    return items, read[1]


def gathered(major, items, at):
    match major:
        case 2:
            return b"".join(items), at
        case 3:
            return "".join(items), at
        case 4:
            return items, at
        case 5:
            return dict(zip(items[::2], items[1::2], strict=True)), at
    raise ValueError(f"major type {major} has a length")
