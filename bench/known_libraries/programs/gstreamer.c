// SPDX-License-Identifier: Apache-2.0
// A pipeline that plays.
//! library: GStreamer
//! packages: libgstreamer1.0-dev libunwind-dev
//! flags: $(pkg-config --cflags --libs gstreamer-1.0)
#include <gst/gst.h>

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  GstElement* const pipeline = gst_parse_launch("fakesrc ! queue ! fakesink sync=true", NULL);
  if (pipeline == NULL) return 1;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  g_usleep(200000);
#ifdef ENDED
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
#endif
  return 0;
}
