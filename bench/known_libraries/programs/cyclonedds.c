// SPDX-License-Identifier: Apache-2.0
// A participant without dds_delete.
//! library: Eclipse Cyclone DDS
//! packages: cyclonedds-dev
//! flags: -lddsc
#include <dds/dds.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  setenv("CYCLONEDDS_URI", "<General><Interfaces><NetworkInterface name=\"lo\"/></Interfaces></General>", 1);
  const dds_entity_t participant = dds_create_participant(DDS_DOMAIN_DEFAULT, NULL, NULL);
  usleep(100000);
#ifdef ENDED
  dds_delete(participant);
#endif
  return participant < 0;
}
