"""Plays an MP4 of H.264 and AAC over RTSP with GStreamer, for each client from its beginning; prints its port. Ends with standard input.

Arguments: the file; the port, 0 for any; `tcp` or `udp`, the only transport that is taken; seconds between parameter sets in the
stream, -1 with each key frame, 0 never (they are in the SDP alone); user and password, or nothing.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

path, port, transport, config_interval, *account = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f'( filesrc location="{path}" ! qtdemux name=in'
    f" in.video_0 ! queue ! rtph264pay name=pay0 pt=96 config-interval={config_interval}"
    " in.audio_0 ! queue ! rtpmp4gpay name=pay1 pt=97 )"
)
factory.set_protocols(
    GstRtsp.RTSPLowerTrans.UDP if transport == "udp" else GstRtsp.RTSPLowerTrans.TCP
)
if account:
    auth = GstRtspServer.RTSPAuth()
    viewer = GstRtspServer.RTSPToken()
    viewer.set_string("media.factory.role", "viewer")
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest(*account, viewer)
    server.set_auth(auth)
    role = Gst.Structure.new_from_string("viewer, media.factory.access=true, media.factory.construct=true")
    factory.add_role_from_structure(role)
server.get_mount_points().add_factory("/stream", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_HUP | GLib.IO_IN, lambda *_: loop.quit())
loop.run()
