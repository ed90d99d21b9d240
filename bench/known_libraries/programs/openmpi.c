// SPDX-License-Identifier: Apache-2.0
// A process alone, without MPI_Finalize.
//! library: Open MPI
//! packages: libopenmpi-dev
//! flags: $(pkg-config --cflags --libs ompi-c)
#include <mpi.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
  setenv("OMPI_MCA_oob_tcp_if_include", "lo", 1);
  if (MPI_Init(&argc, &argv) != MPI_SUCCESS) return 1;
  usleep(50000);
#ifdef ENDED
  MPI_Finalize();
#endif
  return 0;
}
