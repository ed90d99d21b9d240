// SPDX-License-Identifier: Apache-2.0
// A producer with a message, without rd_kafka_flush and rd_kafka_destroy.
//! library: librdkafka
//! packages: librdkafka-dev
//! flags: $(pkg-config --cflags --libs rdkafka)
#include <librdkafka/rdkafka.h>
#include <unistd.h>

int main(void) {
  char error[256];
  rd_kafka_conf_t* const options = rd_kafka_conf_new();
  rd_kafka_conf_set(options, "bootstrap.servers", "127.0.0.1:1", error, sizeof error);
  rd_kafka_conf_set(options, "log_level", "0", error, sizeof error);
  rd_kafka_t* const producer = rd_kafka_new(RD_KAFKA_PRODUCER, options, error, sizeof error);
  if (producer == NULL) return 1;
  rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("t"), RD_KAFKA_V_VALUE((void*)"x", 1), RD_KAFKA_V_END);
  usleep(100000);
#ifdef ENDED
  rd_kafka_flush(producer, 100);
  rd_kafka_destroy(producer);
#endif
  return 0;
}
