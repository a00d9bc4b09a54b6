#!/usr/bin/env python3
"""boto3's story: a stream's whole life over plain HTTP and over TLS, and signatures. `story.py SHARDSCOPE`"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import serving
from life import life, signatures
from serving import skip

try:
    import boto3
    from botocore.config import Config
except ImportError:
    skip("boto3 is not installed (Debian's package python3-boto3)")


def client(url, certificate=None, secret=serving.SECRET, key_id=serving.KEY_ID, **config):
    """With the SDK's defaults unless `config` says otherwise."""
    return boto3.client("kinesis", endpoint_url=url, region_name=serving.REGION, verify=certificate,
                        aws_access_key_id=key_id, aws_secret_access_key=secret, config=Config(**config))


def story(program):
    print(f"boto3 {boto3.__version__}")
    with serving.serving(program, "--delays", "200") as service:
        for url in (service.plain, service.tls):
            print(f"over {url}")
            life(client(url, service.certificate))
    print("with --credentials")
    signatures(program, client)


serving.run(story)
