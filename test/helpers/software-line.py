"""A line between two TUN devices, which it makes: OUTSIDE, and INSIDE in the network namespace NAME, which it makes and removes. Each line of its input says how the line is from then on, as JSON:
`{"lossPercent": 12, "delayMs": 80, "kbit": null}`: the loss and the delay of each way, the rate of the way to INSIDE. It ends with its input, and by no signal that lets it: what it made would stay."""
import fcntl
import heapq
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
# What waits for longer is dropped, in seconds: the queue of a home router.
QUEUE = 0.3


def tun(name):
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    os.set_blocking(device, False)
    return device


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def main():
    name, outside, inside = sys.argv[1:]
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    ip("netns", "add", name)
    try:
        devices = tun(outside), tun(inside)
        ip("link", "set", inside, "netns", name)
        carry(*devices)
    finally:
        ip("netns", "del", name)


def carry(outside, inside):
    line = {"lossPercent": 0, "delayMs": 0, "kbit": None}
    waiting, count, free = [], 0, 0.0
    print("ready", flush=True)
    while True:
        until = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready, _, _ = select.select([0, outside, inside], [], [], until)
        now = time.monotonic()
        if 0 in ready:
            said = sys.stdin.readline()
            if said == "":
                return
            line = json.loads(said)
            print("so it is", flush=True)
        for device, other in ((outside, inside), (inside, outside)):
            while device in ready:
                try:
                    packet = os.read(device, 65536)
                except OSError:
                    # Nothing more is there; or the device is not up yet.
                    break
                if random.random() * 100 < line["lossPercent"]:
                    continue
                leaves = now
                if line["kbit"] and other == inside:
                    leaves = max(now, free)
                    if leaves - now > QUEUE:
                        continue
                    leaves += len(packet) * 8 / (line["kbit"] * 1000)
                    free = leaves
                count += 1
                heapq.heappush(waiting, (leaves + line["delayMs"] / 1000, count, other, packet))
        while waiting and waiting[0][0] <= now:
            _, _, device, packet = heapq.heappop(waiting)
            try:
                os.write(device, packet)
            except OSError:
                pass


main()
