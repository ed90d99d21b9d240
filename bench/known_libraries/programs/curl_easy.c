// SPDX-License-Identifier: Apache-2.0
// A transfer that has ended, without curl_easy_cleanup.
//! library: libcurl, one transfer
//! packages: libcurl4-openssl-dev
//! flags: $(pkg-config --cflags --libs libcurl)
#include <curl/curl.h>

int main(void) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, "http://localhost:1/");
  return curl_easy_perform(easy) != CURLE_COULDNT_CONNECT;
}
