"""Publishes moving pictures and a tone to a WHIP address with aiortc, until standard input ends; prints its offer and then 'live'."""
import asyncio
import json
import math
import sys
import urllib.parse
import urllib.request
from fractions import Fraction

import numpy
from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.mediastreams import AudioStreamTrack
from av import AudioFrame, VideoFrame


class Picture(VideoStreamTrack):
    async def recv(self):
        pts, time_base = await self.next_timestamp()
        pixels = numpy.zeros((360, 640, 3), numpy.uint8)
        left = pts // 3000 * 8 % 600
        pixels[:, left : left + 40] = 255
        frame = VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    rate = 48000
    at = 0

    async def recv(self):
        await super().recv()
        samples = numpy.sin(2 * math.pi * 440 * (self.at + numpy.arange(960)) / self.rate) * 8000
        frame = AudioFrame.from_ndarray(samples.astype(numpy.int16).reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = self.rate, self.at, Fraction(1, self.rate)
        self.at += 960
        return frame


async def publish(url, secret):
    connection = RTCPeerConnection()
    connection.addTransceiver(Picture(), direction="sendonly")
    connection.addTransceiver(Tone(), direction="sendonly")
    await connection.setLocalDescription(await connection.createOffer())
    print(json.dumps({"offer": connection.localDescription.sdp}), flush=True)
    headers = {"content-type": "application/sdp", "authorization": f"Bearer {secret}"}
    request = urllib.request.Request(url, connection.localDescription.sdp.encode(), headers)
    with urllib.request.urlopen(request) as response:
        answer = RTCSessionDescription(response.read().decode(), "answer")
        resource = response.headers["location"]
    await connection.setRemoteDescription(answer)
    print(json.dumps({"resource": resource}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    delete = urllib.request.Request(urllib.parse.urljoin(url, resource), method="DELETE")
    with urllib.request.urlopen(delete) as response:
        print(json.dumps({"left": response.status}), flush=True)
    await connection.close()


asyncio.run(publish(sys.argv[1], sys.argv[2]))
