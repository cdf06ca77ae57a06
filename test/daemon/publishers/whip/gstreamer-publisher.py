"""Publishes a test picture and a tone to a WHIP address with GStreamer's webrtcbin, until standard input ends; prints its offer."""
import json
import sys
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

url, secret = sys.argv[1:]
Gst.init(None)
pipeline = Gst.parse_launch(
    """webrtcbin name=web bundle-policy=max-bundle
    videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=30/1
      ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=1000 key-int-max=60
      ! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1 aggregate-mode=zero-latency
      ! application/x-rtp,media=video,encoding-name=H264,payload=96 ! web.
    audiotestsrc is-live=true wave=sine ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay
      ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! web."""
)
web = pipeline.get_by_name("web")
loop = GLib.MainLoop()
resource = None


def negotiate(element):
    element.emit("create-offer", None, Gst.Promise.new_with_change_func(offered, element))


def offered(promise, element):
    # The offer lives no longer than the reply.
    reply = promise.get_reply()
    element.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())


def gathered(element, _state):
    global resource
    if resource or element.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        return
    offer = element.get_property("local-description").sdp.as_text()
    print(json.dumps({"offer": offer}), flush=True)
    headers = {"content-type": "application/sdp", "authorization": f"Bearer {secret}"}
    with urllib.request.urlopen(urllib.request.Request(url, offer.encode(), headers)) as response:
        resource = response.headers["location"]
        answer = response.read()
    _result, message = GstSdp.SDPMessage.new_from_text(answer.decode())
    description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
    element.emit("set-remote-description", description, Gst.Promise.new())
    print(json.dumps({"resource": resource}), flush=True)


def stop(*_):
    delete = urllib.request.Request(urllib.parse.urljoin(url, resource), method="DELETE")
    with urllib.request.urlopen(delete) as response:
        print(json.dumps({"left": response.status}), flush=True)
    loop.quit()
    return False


web.connect("on-negotiation-needed", negotiate)
web.connect("notify::ice-gathering-state", gathered)
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, stop)
pipeline.set_state(Gst.State.PLAYING)
loop.run()
pipeline.set_state(Gst.State.NULL)
