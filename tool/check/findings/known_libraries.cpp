// SPDX-License-Identifier: Apache-2.0
#include "check/findings/known_libraries.hpp"

#include "check/findings/words.hpp"
#include "check/reading/record_view.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace curfew::tool {
namespace {

// Not every processor has the older calls.
#ifdef SYS_poll
constexpr std::uint64_t call_of_poll = SYS_poll, call_of_epoll = SYS_epoll_wait;
#else
constexpr std::uint64_t call_of_poll = SYS_ppoll, call_of_epoll = SYS_epoll_pwait;
#endif

constexpr known_library libraries[] = {
    // Kept by design: idle workers that take nothing with them.
    {"libgomp.so", "", "OpenMP (libgomp)", true, "nothing: its idle workers have no work left"},
    {"libgc.so", "GC-marker", "libgc", true, "nothing: they only help with a collection"},
    {"libtbb.so", "", "oneTBB", true, "nothing: its idle workers have no work left"},
    {"libglib-2.0.so", "gmain", "GLib", true, "nothing: GLib has no call that ends it", call_of_poll},
    {"libglib-2.0.so", "", "GLib's thread pools", true, "nothing: an idle worker has no work left"},
    {"libgio-2.0.so|libglib-2.0.so", "gdbus", "GDBus", true, "nothing: GLib has no call that ends it", call_of_poll},
    {"libQt5Core.so", "Thread (pooled)", "QThreadPool", true, "nothing: an idle worker has no work left"},
    {"libgpr.so|libgrpc|libabsl_", "event_engine", "gRPC's event engine", true,
     "nothing: gRPC ends it when it was idle for a while", call_of_epoll},
    {"libgpr.so|libgrpc|libabsl_", "timer_manager", "gRPC's timer manager", true,
     "nothing: gRPC ends it when it was idle for a while"},
    {"libfftw3", "", "FFTW", true, "nothing: its idle workers have no work left"},
    {"libjemalloc.so", "jemalloc_bg_thd", "jemalloc", true, "nothing: it only gives memory back"},
    {"libleveldb.so", "", "LevelDB", true, "nothing: LevelDB has no call that ends it"},
    {"liblttng-ust.so", "", "LTTng-UST", true, "nothing: LTTng has no call that ends it"},
    {"libpocl", "", "PoCL", true, "nothing: its idle workers have no work left"},

    // Codecs and compressors: what they still hold is part of the result.
    {"libaom.so", "", "libaom", false,
     "flush the encoder and call aom_codec_destroy() before main returns: the pictures that it still holds are lost "
     "otherwise"},
    {"libavcodec.so|libavutil.so", "", "FFmpeg", false,
     "drain the codec and call avcodec_free_context() before main returns: the frames that it still holds are lost "
     "otherwise"},
    {"libblosc.so", "", "Blosc", false,
     "call blosc_destroy() before main returns, as Blosc asks for after blosc_init()"},
    {"libdav1d.so", "", "dav1d", false,
     "drain the decoder and call dav1d_close() before main returns: the pictures that it still holds are lost "
     "otherwise"},
    {"libjxl_threads.so", "", "libjxl", false, "call JxlThreadParallelRunnerDestroy() before main returns"},
    {"liblzma.so", "", "liblzma", false,
     "finish the stream with LZMA_FINISH and call lzma_end() before main returns: the end of the data is missing "
     "otherwise"},
    {"libSvtAv1Enc.so", "", "SVT-AV1", false,
     "send the end of the stream, fetch all packets and call svt_av1_enc_deinit() before main returns: the pictures "
     "that it still holds are lost otherwise"},
    {"libvpx.so", "", "libvpx", false,
     "flush the encoder and call vpx_codec_destroy() before main returns: the pictures that it still holds are lost "
     "otherwise"},
    {"libx264.so", "", "x264", false,
     "fetch the delayed pictures and call x264_encoder_close() before main returns: they are lost otherwise"},
    {"libx265.so", "", "x265", false,
     "fetch the delayed pictures and call x265_encoder_close() before main returns: they are lost otherwise"},
    {"libzstd.so", "", "zstd", false,
     "finish the frame with ZSTD_e_end and call ZSTD_freeCCtx() before main returns: the end of the data is missing "
     "otherwise"},

    // Messages and connections: what is queued is not sent.
    {"libavahi-common.so", "", "Avahi", false, "call avahi_threaded_poll_stop() before main returns"},
    {"libcivetweb.so", "", "CivetWeb", false,
     "call mg_stop() before main returns: answers that are being sent are broken off otherwise"},
    {"libcurl.so", "", "libcurl", false,
     "call curl_easy_cleanup() or curl_multi_cleanup() before main returns: it waits for the look-up of the name"},
    {"libddsc.so", "", "Cyclone DDS", false,
     "call dds_delete() on the participant before main returns: samples that are queued are not sent otherwise"},
    {"libgpr.so|libgrpc|libabsl_", "", "gRPC", false,
     "call Shutdown() on each server and destroy servers and channels before main returns: calls that are under way "
     "are broken off otherwise"},
    {"liblo.so", "", "liblo", false, "call lo_server_thread_stop() before main returns"},
    {"libmicrohttpd.so", "", "libmicrohttpd", false,
     "call MHD_stop_daemon() before main returns: answers that are being sent are broken off otherwise"},
    {"libmongoc-1.0.so", "", "the MongoDB driver", false,
     "give all clients back and call mongoc_client_pool_destroy() before main returns"},
    {"libmosquitto.so", "", "libmosquitto", false,
     "call mosquitto_disconnect() and mosquitto_loop_stop() before main returns: messages that are queued are not "
     "sent otherwise"},
    {"libnats.so", "", "the NATS client", false,
     "drain and destroy the connections and call nats_CloseAndWait() before main returns: what is buffered is not "
     "sent otherwise"},
    {"libnng.so", "", "nng", false,
     "give messages the time to be sent, then call nng_close() and nng_fini() before main returns"},
    {"libpaho-mqtt3a.so", "", "Paho MQTT", false,
     "call MQTTAsync_disconnect() and MQTTAsync_destroy() before main returns: messages that are queued are not sent"
     " otherwise"},
    {"librdkafka.so", "", "librdkafka", false,
     "call rd_kafka_flush() and rd_kafka_destroy() before main returns: what is queued is not sent otherwise"},
    {"libtorrent-rasterbar.so", "", "libtorrent", false,
     "destroy the lt::session before main returns: trackers are not told that it has stopped otherwise"},
    {"libunbound.so|libevent", "", "libunbound", false, "call ub_ctx_delete() before main returns"},
    {"libusrsctp.so", "", "usrsctp", false,
     "close the sockets and call usrsctp_finish() before main returns: what is queued is not sent otherwise"},
    {"libzmq.so", "", "ZeroMQ", false,
     "call zmq_close() on each socket and zmq_ctx_term() before main returns: messages that are queued are not sent "
     "otherwise"},
    {"libzookeeper_mt.so", "", "the ZooKeeper client", false,
     "call zookeeper_close() before main returns: requests that are queued are not sent otherwise"},

    // Sound, devices, computing.
    {"libSDL2-2.0.so", "", "SDL", false, "call SDL_Quit() before main returns"},
    {"libgst|libglib-2.0.so", "", "GStreamer", false,
     "send the end of the stream, wait for it and set the pipeline to GST_STATE_NULL before main returns: what is in"
     " it is lost otherwise"},
    {"libopen-pal.so|libevent", "", "Open MPI", false, "call MPI_Finalize() before main returns, as MPI demands"},
    {"libopenal.so", "", "OpenAL Soft", false, "call alcDestroyContext() and alcCloseDevice() before main returns"},
    {"libpipewire-0.3.so|libspa-", "", "PipeWire", false, "call pw_thread_loop_stop() before main returns"},
    {"libpmix.so|libevent", "", "PMIx", false, "call MPI_Finalize() or PMIx_Finalize() before main returns"},
    {"libPoco", "", "Poco", false, "destroy the Poco::Util::Timer, or join() the Poco::Thread, before main returns"},
    {"libpthreadpool.so", "", "pthreadpool", false, "call pthreadpool_destroy() before main returns"},
    {"libpulsecommon-", "", "PulseAudio", false, "call pa_threaded_mainloop_stop() before main returns"},
    {"libucs.so", "", "UCX", false, "call ucp_worker_destroy() and ucp_cleanup() before main returns"},
    {"libusb-1.0.so", "", "libusb", false, "call libusb_exit() before main returns"},
};

/// By which a program starts a thread of its own.
constexpr const char* wrappers[] = {"g_thread_new", "g_thread_try_new", "QThread::start", "Poco::Thread::start"};

/// Is it one of the files that a row names? `starter`: the first of them.
bool is_of(const frame& at, const known_library& library, bool starter = false) {
  std::string_view names = library.module;
  for (;;) {
    const auto name = names.substr(0, names.find('|'));
    if (std::string_view(at.module).starts_with(name)) return true;
    if (starter || name.size() == names.size()) return false;
    names.remove_prefix(name.size() + 1);
  }
}

bool is_known(const frame& at) {
  return is_library_frame(at) ||
         std::any_of(std::begin(libraries), std::end(libraries), [&](const auto& one) { return is_of(at, one); });
}

/// Itself, or by way of another one: GStreamer's threads are GLib's.
bool has_started(const known_library& library, const involved_thread& thread) {
  if (!std::string_view(thread.name).starts_with(library.thread)) return false;
  const auto& stack = thread.created_stack;
  // An allocator starts its threads out of everybody's sight, by the C library's own function.
  if (stack.empty()) return *library.thread != '\0';
  const auto own = std::find_if_not(stack.begin(), stack.end(), is_known);
  if (own != stack.begin() && std::any_of(std::begin(wrappers), std::end(wrappers),
                                          [&](const char* name) { return std::prev(own)->function.starts_with(name); }))
    return false;
  return std::any_of(stack.begin(), own, [&](const frame& at) { return is_of(at, library, true); });
}

/// Nothing of what is on its stack, as far as that is known, belongs to others.
bool is_inside(const known_library& library, const std::vector<frame>& stack, std::uint64_t call) {
  // Of a wait with a time limit only the call is known; of a thread that ended during the exit, because the library or
  // the program has told it to, sometimes nothing is.
  if (library.by_design && std::all_of(stack.begin(), stack.end(), is_library_frame))
    return call == SYS_futex || call == check::no_call || call == library.idle_in;
  return std::all_of(stack.begin(), stack.end(),
                     [&](const frame& at) { return is_library_frame(at) || is_of(at, library); });
}

}  // namespace

const known_library* library_of(const involved_thread& thread, std::uint64_t call) {
  const auto* const known = std::find_if(std::begin(libraries), std::end(libraries), [&](const auto& one) {
    return has_started(one, thread) && is_inside(one, thread.stack, call);
  });
  return known != std::end(libraries) ? known : nullptr;
}

}  // namespace curfew::tool
