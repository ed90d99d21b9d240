// SPDX-License-Identifier: Apache-2.0
// A Python extension whose threads call back into Python. The rules, for which docs/python.md has the reasons:
//   - before Python begins to go, finish() ends them: regular threads do their work, daemons are frozen;
//   - whoever calls Python holds a shield while it does, so that no thread is frozen with the interpreter's lock, or on
//   its
//     way to it; once daemons are asked to stop no shield is given any more, and nobody enters Python;
//   - finish() runs without the interpreter's lock, because threads that end may need it.
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <pybind11/functional.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace py = pybind11;

namespace {

/// The calling thread is in Python while this lives, if it is true. If it is false Python is about to go, or gone.
class in_python {
 public:
  in_python() {
    if (shield_) lock_.emplace();
  }
  ~in_python() { lock_.reset(); }  // before the shield
  in_python(const in_python&) = delete;
  in_python& operator=(const in_python&) = delete;
  explicit operator bool() const { return lock_.has_value(); }

 private:
  curfew::shield shield_;
  std::optional<py::gil_scoped_acquire> lock_;
};

/// A Python function that outlives the call that brought it. When Python is gone, it is not given back.
std::shared_ptr<py::function> kept(py::function f) {
  return {new py::function(std::move(f)), [](py::function* own) {
            const in_python here;
            if (!here) own->release();
            delete own;
          }};
}

/// False when Python is no more to be called, or the function wants no more calls.
bool call(const py::function& f) {
  const in_python here;
  if (!here) return false;
  try {
    return f().cast<bool>();
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("a thread of the extension");
    return false;
  }
}

/// Calls f() again and again, on a thread of its own, until it returns false.
void start(const std::string& name, bool daemon, py::function f) {
  curfew::thread({.name = name, .daemon = daemon}, [f = kept(std::move(f))] {
    while (call(*f)) std::this_thread::yield();
  }).detach();
}

/// The same as it is usually done, to be compared with.
void start_detached(py::function f) {
  std::thread([f = std::make_shared<py::function>(std::move(f))] {
    for (;;) {
      const py::gil_scoped_acquire lock;
      (*f)();
    }
  }).detach();
}

void finish() {
  const py::gil_scoped_release others_may_need_it;
  curfew::finish();
}

/// Where Python waits for its own threads, before its atexit functions and before it takes anything down.
void finish_at_the_end() {
  const auto run = py::cpp_function(&finish);
  const auto threading = py::module_::import("threading");
  if (py::hasattr(threading, "_register_atexit"))
    threading.attr("_register_atexit")(run);
  else
    py::module_::import("atexit").attr("register")(run);
}

}  // namespace

PYBIND11_MODULE(curfew_threads, m) {
  finish_at_the_end();
  m.def("start", &start, py::arg("name"), py::arg("daemon"), py::arg("f"));
  m.def("start_detached", &start_detached, py::arg("f"));
  m.def("finish", &finish);
}
