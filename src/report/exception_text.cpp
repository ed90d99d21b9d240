// SPDX-License-Identifier: Apache-2.0
#include "report/exception_text.hpp"

#include "os/small_text.hpp"

#include <cxxabi.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace curfew::inline v1::detail {
namespace {

using line = os::small_text<2048>;

void append_type(line& to) noexcept {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return void(to << "an exception of another language");
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                    &std::free);
  to << (status == 0 && name ? name.get() : type->name());
}

void append(line& to, const std::exception_ptr& exception) noexcept {
  if (!exception) return void(to << "no exception");
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    append_type(to);
    const char* const what = e.what();
    (to << ": ").cleaned(what != nullptr ? what : "null");
  } catch (const char* text) {
    append_type(to);
    (to << ": ").cleaned(text != nullptr ? text : "null");
  } catch (...) {
    append_type(to);
  }
}

}  // namespace

void report_exception(std::string_view what, std::string_view name, const std::exception_ptr& exception,
                      long long number) noexcept {
  line text;
  text << what << " ";
  text.quoted(name);
  if (number > 0) text << " (#" << number << ")";
  text << ": ";
  append(text, exception);
  text << "\n";
  os::write_all(STDERR_FILENO, text.view());
}

}  // namespace curfew::inline v1::detail
