"""Plays a WHEP address with GStreamer's webrtcbin, whose offer says nothing of its H.264, until SECONDS of picture and sound have come; prints what came, as JSON."""
import json
import sys
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

url, seconds = sys.argv[1], int(sys.argv[2])
Gst.init(None)
pipeline = Gst.Pipeline.new()
web = Gst.ElementFactory.make("webrtcbin")
web.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
pipeline.add(web)
loop = GLib.MainLoop()
seen = {"size": None, "pictures": 0}
# The first and the last time of each track, in ns.
spans = {}
resource = None

CHAINS = {
    "video": "rtph264depay ! h264parse ! openh264dec ! appsink name=sink emit-signals=true sync=false",
    "audio": "rtpopusdepay ! opusdec ! appsink name=sink emit-signals=true sync=false",
}


def receive(kind, sink):
    sample = sink.emit("pull-sample")
    at = sample.get_buffer().pts
    first, _last = spans.setdefault(kind, (at, at))
    spans[kind] = (first, at)
    if kind == "video":
        caps = sample.get_caps().get_structure(0)
        seen["size"] = [caps.get_value("width"), caps.get_value("height")]
        seen["pictures"] += 1
    if len(spans) == 2 and all(last - first >= seconds * Gst.SECOND for first, last in spans.values()):
        GLib.idle_add(loop.quit)
    return Gst.FlowReturn.OK


def play(_element, pad):
    kind = pad.get_current_caps().get_structure(0).get_value("media")
    chain = Gst.parse_bin_from_description(CHAINS[kind], True)
    chain.get_by_name("sink").connect("new-sample", lambda sink: receive(kind, sink))
    pipeline.add(chain)
    chain.sync_state_with_parent()
    pad.link(chain.get_static_pad("sink"))


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
    seen["formats"] = [line for line in offer.splitlines() if line.startswith("a=fmtp")]
    request = urllib.request.Request(url, offer.encode(), {"content-type": "application/sdp"})
    with urllib.request.urlopen(request) as response:
        resource = response.headers["location"]
        answer = response.read()
    _result, message = GstSdp.SDPMessage.new_from_text(answer.decode())
    description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
    element.emit("set-remote-description", description, Gst.Promise.new())


web.connect("pad-added", play)
web.connect("on-negotiation-needed", negotiate)
web.connect("notify::ice-gathering-state", gathered)
for caps in (
    "application/x-rtp,media=video,encoding-name=H264,clock-rate=90000,payload=97",
    "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=98",
):
    web.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string(caps))
pipeline.set_state(Gst.State.PLAYING)
loop.run()
with urllib.request.urlopen(urllib.request.Request(urllib.parse.urljoin(url, resource), method="DELETE")) as response:
    seen["left"] = response.status
pipeline.set_state(Gst.State.NULL)
print(json.dumps(seen))
