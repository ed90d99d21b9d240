// SPDX-License-Identifier: Apache-2.0
// pybind/pybind11#2215, pytorch#38228: gil_scoped_release in a daemon thread at interpreter exit => pthread_exit()
// unwinds through a noexcept destructor => "terminate called without an active exception".
#include <pybind11/pybind11.h>
#include <unistd.h>
namespace py = pybind11;
PYBIND11_MODULE(gilmod, m) {
  m.def("work", [] {
    py::gil_scoped_release r;
    usleep(200);
  });
}
