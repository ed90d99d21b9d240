# SPDX-License-Identifier: Apache-2.0
# Conan 2: `conan create packaging/conan` makes a package of this checkout. The library alone: the command comes from
# Debian's packages, or from `cmake --install`.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

ROOT = os.path.join("..", "..")  # of the checkout, seen from this file
SOURCES = ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "packaging/*")


class CurfewConan(ConanFile):
    name = "curfew"
    description = "Every thread of a C++ process gets a defined end"
    license = "Apache-2.0"
    topics = ("threads", "shutdown", "daemon", "thread-pool")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, ROOT, "include", "curfew", "version.hpp"))
        self.version = ".".join(re.search(rf"#define CURFEW_VERSION_{part} (\d+)", header)[1]
                                for part in ("MAJOR", "MINOR", "PATCH"))

    def export_sources(self):
        for pattern in SOURCES:
            copy(self, pattern, src=os.path.join(self.recipe_folder, ROOT), dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("curfew runs on Linux with glibc")

    def generate(self):
        toolchain = CMakeToolchain(self)
        for option in ("COMMAND", "EXAMPLES", "TESTS", "BENCH"):
            toolchain.cache_variables[f"CURFEW_BUILD_{option}"] = False
        toolchain.cache_variables["CURFEW_TEST_BENCH"] = False
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        rmdir(self, os.path.join(self.package_folder, "share"))

    def package_info(self):
        # The installed CMake package knows what its targets need, link options included.
        self.cpp_info.builddirs.append(os.path.join("lib", "cmake", "curfew"))
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.set_property("pkg_config_name", "none")
        self.cpp_info.libs = ["curfew"]
        self.cpp_info.exelinkflags.append("-Wl,--wrap=__libc_start_main")
        self.cpp_info.system_libs = ["pthread", "dl"]
