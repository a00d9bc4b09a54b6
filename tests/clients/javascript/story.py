#!/usr/bin/env python3
"""Runs story.mjs over plain HTTP and over TLS, and with signatures checked. `story.py SHARDSCOPE`"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import serving
from serving import skip


def node(service, part, url):
    environment = serving.clean_environment(service.folder, NODE_EXTRA_CA_CERTS=service.certificate)
    print(f"{part} over {url}", flush=True)
    done = subprocess.run(["node", os.path.join(HERE, "story.mjs"), part, url], env=environment, timeout=300, check=False)
    if done.returncode:
        raise serving.Failed(f"step:     story.mjs {part} {url}\nexpected: its end\ngot:      what stands above")


def story(program):
    if not shutil.which("node"):
        skip("Node.js is not installed (Debian's package nodejs)")
    if not os.path.isdir(os.path.join(HERE, "node_modules", "@aws-sdk", "client-kinesis")):
        skip("the JavaScript SDK is not installed (npm ci --omit=dev in tests/clients/javascript)")
    with serving.serving(program, "--delays", "200") as service:
        for url in (service.plain, service.tls):
            node(service, "life", url)
    with tempfile.TemporaryDirectory(prefix="shardscope-client-") as folder:
        keys = serving.credentials_file(folder)
        with serving.serving(program, "--credentials", keys, folder=folder) as service:
            node(service, "signatures", service.plain)
            node(service, "signatures", service.tls)


serving.run(story)
