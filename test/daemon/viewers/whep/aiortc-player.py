"""Plays a WHEP address with aiortc until FRAMES pictures and as many pieces of sound are decoded, SECONDS at most; prints what came, as JSON. With CODEC (`video/VP8`) it offers no other for the picture."""
import asyncio
import json
import sys
import urllib.parse
import urllib.request

import numpy
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError


async def play(url, frames, seconds, codec=None):
    connection = RTCPeerConnection()
    seen = {"video": 0, "audio": 0, "size": None, "sizes": [], "loudness": 0.0}
    enough = asyncio.Event()

    async def take(track):
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            seen[track.kind] += 1
            if track.kind == "video":
                size = [frame.width, frame.height]
                if size != seen["size"]:
                    seen["sizes"].append({"height": frame.height, "atS": float(frame.pts * frame.time_base)})
                seen["size"] = size
            else:
                samples = frame.to_ndarray().astype(float)
                seen["loudness"] = max(seen["loudness"], float(numpy.sqrt(numpy.mean(samples**2))))
            if min(seen["video"], seen["audio"]) >= frames:
                enough.set()

    takers = []
    connection.on("track", lambda track: takers.append(asyncio.ensure_future(take(track))))
    picture = connection.addTransceiver("video", direction="recvonly")
    if codec:
        known = RTCRtpReceiver.getCapabilities("video").codecs
        picture.setCodecPreferences([one for one in known if one.mimeType == codec])
    connection.addTransceiver("audio", direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    headers = {"content-type": "application/sdp"}
    request = urllib.request.Request(url, connection.localDescription.sdp.encode(), headers)
    with urllib.request.urlopen(request) as response:
        answer = RTCSessionDescription(response.read().decode(), "answer")
        resource = response.headers["location"]
    await connection.setRemoteDescription(answer)
    await asyncio.wait_for(enough.wait(), seconds)
    delete = urllib.request.Request(urllib.parse.urljoin(url, resource), method="DELETE")
    with urllib.request.urlopen(delete) as response:
        seen["left"] = response.status
    await connection.close()
    print(json.dumps(seen))


asyncio.run(play(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]))
