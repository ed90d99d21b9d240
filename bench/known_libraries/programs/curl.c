// SPDX-License-Identifier: Apache-2.0
// A look-up that takes long, as with a slow server, without curl_easy_cleanup.
//! library: libcurl, threaded resolver
//! packages: libcurl4-openssl-dev
//! flags: $(pkg-config --cflags --libs libcurl)
#include <curl/curl.h>
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char* name, const char* service, const struct addrinfo* hints, struct addrinfo** found) {
  (void)name, (void)service, (void)hints, (void)found;
  usleep(200000);
  return EAI_AGAIN;
}

int main(void) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* const easy = curl_easy_init();
  CURLM* const multi = curl_multi_init();
  int running = 0;
  curl_easy_setopt(easy, CURLOPT_URL, "http://no-such-name.invalid:1/");
  curl_multi_add_handle(multi, easy);
  const CURLMcode code = curl_multi_perform(multi, &running);
#ifdef ENDED
  curl_multi_remove_handle(multi, easy);
  curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
#endif
  return code != CURLM_OK;
}
