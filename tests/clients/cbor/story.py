#!/usr/bin/env python3
"""CBOR's story, by a client of our own: a whole life over plain HTTP and TLS, and signatures. `story.py SHARDSCOPE`"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import serving
from client import Client
from life import life, signatures


def story(program):
    with serving.serving(program, "--delays", "200") as service:
        for url in (service.plain, service.tls):
            print(f"over {url}")
            life(Client(url, service.certificate))
    print("with --credentials")
    signatures(program, Client)


serving.run(story)
